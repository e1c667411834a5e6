import type { SessionStatus, StatusAction, StatusReason } from '@patchbay/contract';
import type { DisconnectCause } from '../engines/engine-events.js';
import { MOST_LAUNCHES, pauseBefore } from './reconnect.js';

/** What a session is at a moment, as far as the next step depends on it. */
export interface Standing {
  status: SessionStatus;
  reason: StatusReason;
  action: StatusAction;
  /** Tries in a row that failed for the same kind of cause. */
  attempt: number;
  /** Milliseconds from now to the next try by itself; null: none is planned. */
  retryIn: number | null;
}

/** Everything that can happen to a session. */
export type Input =
  /** Someone wants it up: a PUT, a restart, the start of the server, somebody looking at a QR. */
  | { type: 'start'; reason: Extract<StatusReason, 'created' | 'restored' | 'requested'> }
  /** Start anew whatever it is doing. */
  | { type: 'restart' }
  | { type: 'close' }
  | { type: 'remove' }
  | { type: 'retry-due' }
  | { type: 'qr' }
  | { type: 'pairing-code' }
  | { type: 'paired' }
  | { type: 'connected' }
  | { type: 'own-name' }
  /** The number that was linked belongs to another session already. */
  | { type: 'duplicate-number' }
  | { type: 'disconnected'; cause: DisconnectCause; linked: boolean }
  /** A stored key cannot be opened: without all of them the device is lost. */
  | { type: 'keys-unreadable' }
  /** An intermediate state lasted too long. */
  | { type: 'stuck'; linked: boolean }
  /** It has been connected for a minute. */
  | { type: 'stable' };

/** What the session has to do on the way, in this order. */
export type Effect = 'close-engine' | 'log-out' | 'clear-keys' | 'open-engine';

export interface Transition {
  next: Standing;
  effects: Effect[];
}

const unchanged = (standing: Standing): Transition => ({ next: standing, effects: [] });

function become(
  status: SessionStatus,
  reason: StatusReason,
  action: StatusAction,
  more: { attempt?: number; retryIn?: number | null; effects?: Effect[] } = {},
): Transition {
  const { attempt = 0, retryIn = null, effects = [] } = more;
  return { next: { status, reason, action, attempt, retryIn }, effects };
}

/** The one table of transitions: states × inputs → next state and what to do. Pure. */
export function transition(now: Standing, input: Input, random = Math.random): Transition {
  switch (input.type) {
    case 'start':
      return start(now, input.reason);
    case 'restart':
      return become('starting', 'requested', 'wait', { effects: ['close-engine', 'open-engine'] });
    case 'close':
      return become('closed', 'closed_by_user', 'restart', { effects: ['close-engine'] });
    case 'remove':
      return become('logged_out', 'logged_out_by_user', 'restart', {
        effects: ['log-out', 'close-engine', 'clear-keys'],
      });
    case 'retry-due':
      return retry(now);
    case 'qr':
      // While a pairing code waits to be typed, WhatsApp goes on offering QR codes.
      if (now.status === 'pairing') return unchanged(now);
      return become('qr', whyAsked(now), 'scan', { attempt: now.attempt });
    case 'pairing-code':
      return become('pairing', whyAsked(now), 'scan', { attempt: now.attempt });
    case 'paired':
      return become('starting', 'paired', 'wait');
    case 'connected':
      // What went before is forgotten when the connection has proved stable.
      return become('connected', now.reason === 'replaced' ? 'replaced' : 'none', 'none', {
        attempt: now.attempt,
      });
    case 'own-name':
      return unchanged(now);
    case 'duplicate-number':
      return become('failed', 'number_already_linked', 'restart', {
        effects: ['log-out', 'close-engine', 'clear-keys'],
      });
    case 'keys-unreadable':
      return become('failed', 'credentials_unreadable', 'scan', { effects: ['close-engine'] });
    case 'disconnected':
      return disconnected(now, input.cause, input.linked, random);
    case 'stuck':
      return isDown(now) || now.status === 'connected'
        ? unchanged(now)
        : tryAgain(now, 'stuck', 'stuck', input.linked, random);
    case 'stable':
      return now.status === 'connected'
        ? { next: { ...now, reason: 'none', attempt: 0 }, effects: [] }
        : unchanged(now);
  }
}

/** Closed, removed or given up: nothing happens by itself. */
function isDown(standing: Standing): boolean {
  return (
    standing.status === 'closed' ||
    (standing.status === 'failed' && standing.retryIn === null) ||
    (standing.status === 'logged_out' && standing.reason === 'logged_out_by_user')
  );
}

function start(now: Standing, reason: StatusReason): Transition {
  const underWay = ['connected', 'qr', 'pairing'].includes(now.status);
  const opening = ['starting', 'reconnecting', 'logged_out'].includes(now.status);
  if (reason !== 'restored' && (underWay || (opening && !isDown(now) && now.retryIn === null))) {
    return unchanged(now);
  }
  return become('starting', reason, 'wait', { effects: ['close-engine', 'open-engine'] });
}

/** A QR after a logout or an unanswered one keeps telling why it is shown. */
function whyAsked(now: Standing): StatusReason {
  const telling: StatusReason[] = ['device_removed', 'qr_expired'];
  return telling.includes(now.reason) ? now.reason : 'none';
}

function disconnected(
  now: Standing,
  cause: DisconnectCause,
  linked: boolean,
  random: () => number,
): Transition {
  // The answer to our own closing, or a late word of an engine that is no longer wanted.
  if (isDown(now) || cause === 'requested') return unchanged(now);
  switch (cause) {
    case 'restart-required':
      return become('starting', now.reason === 'paired' ? 'paired' : 'restart_required', 'wait', {
        attempt: now.attempt,
        effects: ['close-engine', 'open-engine'],
      });
    case 'logged-out':
      return loggedOut(now, linked, random);
    case 'qr-expired':
      return become('starting', 'qr_expired', 'scan', {
        attempt: now.attempt + 1,
        retryIn: pauseBefore('qr-expired', now.attempt + 1, random),
        effects: ['close-engine'],
      });
    case 'replaced':
      return replaced(now, random);
    case 'banned':
      return slowly(now, 'banned', cause, random);
    case 'client-outdated':
      return slowly(now, 'client_outdated', cause, random);
    case 'launch-failed':
      return notLaunched(now, linked, random);
    case 'transient':
      return tryAgain(now, 'connection_lost', cause, linked, random);
  }
}

/** A linked device asks for a new scan at once; one that never was linked must not loop. */
function loggedOut(now: Standing, linked: boolean, random: () => number): Transition {
  if (linked) {
    return become('logged_out', 'device_removed', 'scan', {
      effects: ['close-engine', 'clear-keys', 'open-engine'],
    });
  }
  return become(
    'starting',
    now.reason === 'device_removed' ? 'device_removed' : 'connection_lost',
    'wait',
    {
      attempt: now.attempt + 1,
      retryIn: pauseBefore('transient', now.attempt + 1, random),
      effects: ['close-engine', 'clear-keys'],
    },
  );
}

/** Another program uses the same credentials: one try after a minute, then a person decides. */
function replaced(now: Standing, random: () => number): Transition {
  const attempt = now.reason === 'replaced' ? now.attempt + 1 : 1;
  if (attempt > 1) {
    return become('failed', 'replaced', 'restart', { attempt, effects: ['close-engine'] });
  }
  return become('reconnecting', 'replaced', 'wait', {
    attempt,
    retryIn: pauseBefore('replaced', attempt, random),
    effects: ['close-engine'],
  });
}

/** WhatsApp said no: asked again rarely, for a block may end and a version may be renewed. */
function slowly(
  now: Standing,
  reason: 'banned' | 'client_outdated',
  cause: DisconnectCause,
  random: () => number,
): Transition {
  const attempt = now.reason === reason ? now.attempt + 1 : 1;
  return become('failed', reason, reason === 'banned' ? 'wait' : 'restart', {
    attempt,
    retryIn: pauseBefore(cause, attempt, random),
    effects: ['close-engine'],
  });
}

/** A browser that cannot start costs too much to be tried for ever: after some tries a person decides. */
function notLaunched(now: Standing, linked: boolean, random: () => number): Transition {
  const attempt = now.reason === 'browser_failed' ? now.attempt + 1 : 1;
  const isOver = attempt >= MOST_LAUNCHES;
  const status = linked ? 'reconnecting' : 'starting';
  return become(isOver ? 'failed' : status, 'browser_failed', isOver ? 'restart' : 'wait', {
    attempt,
    retryIn: isOver ? null : pauseBefore('launch-failed', attempt, random),
    effects: ['close-engine'],
  });
}

function tryAgain(
  now: Standing,
  reason: StatusReason,
  cause: DisconnectCause | 'stuck',
  linked: boolean,
  random: () => number,
): Transition {
  const attempt = now.attempt + 1;
  return become(linked ? 'reconnecting' : 'starting', reason, 'wait', {
    attempt,
    retryIn: pauseBefore(cause, attempt, random),
    effects: ['close-engine'],
  });
}

function retry(now: Standing): Transition {
  if (isDown(now)) return unchanged(now);
  const status = now.status === 'failed' ? 'reconnecting' : now.status;
  return { next: { ...now, status, retryIn: null }, effects: ['close-engine', 'open-engine'] };
}
