import type { WriteStep } from '../db/write-unit.js';
import type { EngineEventOf } from '../engines/engine-events.js';
import type { Input, Standing } from './session-status.js';
import type { LinkCode, SessionRow } from './session-store.js';

/** What an input brings beside its name. */
export interface Details {
  linkCode?: LinkCode;
  identity?: Pick<EngineEventOf<'connected'>, 'jid' | 'lid' | 'name'>;
  ownName?: string;
  /** Steps that belong into the unit of the turn. */
  also?: WriteStep[];
}

export function standingOf(row: SessionRow): Standing {
  const { status, reason, action, attempt, next_attempt_at } = row;
  const retryIn = next_attempt_at === null ? null : Math.max(0, next_attempt_at - Date.now());
  return { status, reason, action, attempt, retryIn };
}

export function columnsOf(next: Standing, row: SessionRow, input: Input): Partial<SessionRow> {
  const now = Date.now();
  const changed = next.status !== row.status || next.reason !== row.reason;
  return {
    status: next.status,
    reason: next.reason,
    action: next.action,
    attempt: next.attempt,
    next_attempt_at: next.retryIn === null ? null : now + next.retryIn,
    ...(changed && { status_since: now }),
    ...(row.status === 'connected' && changed && { last_seen_at: now }),
    ...((input.type === 'start' || input.type === 'restart') && { wanted: 1 }),
    ...((input.type === 'close' || input.type === 'remove') && { wanted: 0 }),
  };
}

export function moved(next: Standing, before: Standing): boolean {
  return (
    next.status !== before.status ||
    next.reason !== before.reason ||
    next.attempt !== before.attempt ||
    (next.retryIn === null) !== (before.retryIn === null)
  );
}

export function isShowingCode({ status }: Standing): boolean {
  return status === 'qr' || status === 'pairing';
}

/** The code that came, if it is of the kind that the session shows now. */
export function fitting(next: Standing, code: LinkCode | undefined): LinkCode | undefined {
  return code && next.status === (code.kind === 'qr' ? 'qr' : 'pairing') ? code : undefined;
}

export function identityColumns(input: Input, { identity, ownName }: Details): Partial<SessionRow> {
  if (input.type === 'paired') return { linked: 1 };
  if (ownName !== undefined) return { display_name: ownName };
  if (!identity) return {};
  return {
    jid: identity.jid,
    lid: identity.lid ?? null,
    linked: 1,
    last_seen_at: Date.now(),
    ...(identity.name && { display_name: identity.name }),
  };
}

export function shownInLog({ status, reason, attempt }: SessionRow) {
  return { status, reason, attempt };
}
