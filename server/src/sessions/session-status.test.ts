import { SessionStatus } from '@patchbay/contract';
import { describe, expect, it } from 'vitest';
import { pauseBefore } from './reconnect.js';
import type { Input, Standing } from './session-status.js';
import { transition } from './session-status.js';

const half = () => 0.5;

function standing(status: Standing['status'], more: Partial<Standing> = {}): Standing {
  return { status, reason: 'none', action: 'none', attempt: 0, retryIn: null, ...more };
}

function after(now: Standing, ...inputs: Input[]): Standing {
  return inputs.reduce((state, input) => transition(state, input, half).next, now);
}

const dropped: Input = { type: 'disconnected', cause: 'transient', linked: true };
const replaced: Input = { type: 'disconnected', cause: 'replaced', linked: true };

describe('transitions of a session', () => {
  it('goes from nothing to connected', () => {
    const path = after(
      standing('closed'),
      { type: 'start', reason: 'created' },
      { type: 'qr' },
      { type: 'paired' },
      { type: 'disconnected', cause: 'restart-required', linked: true },
      { type: 'connected' },
    );
    expect(path).toEqual(standing('connected'));
  });

  it('opens one engine for a start, and none for a start under way', () => {
    const first = transition(standing('closed'), { type: 'start', reason: 'requested' });
    expect(first.effects).toEqual(['close-engine', 'open-engine']);
    for (const now of [first.next, standing('connected'), standing('qr'), standing('pairing')]) {
      expect(transition(now, { type: 'start', reason: 'requested' }).effects).toEqual([]);
    }
  });

  it('is closed by every status and stays closed whatever the engine still says', () => {
    for (const status of SessionStatus.options) {
      const closed = after(standing(status, { retryIn: 5 }), { type: 'close' });
      expect(closed.status).toBe('closed');
      const late: Input[] = [
        dropped,
        replaced,
        { type: 'retry-due' },
        { type: 'stuck', linked: true },
      ];
      for (const input of late)
        expect(transition(closed, input)).toEqual({ next: closed, effects: [] });
    }
  });

  it('purges and shows a QR again when the phone removed the device', () => {
    const input: Input = { type: 'disconnected', cause: 'logged-out', linked: true };
    const { next, effects } = transition(standing('connected'), input);
    expect(next).toMatchObject({ status: 'logged_out', reason: 'device_removed', action: 'scan' });
    expect(effects).toEqual(['close-engine', 'clear-keys', 'open-engine']);
    expect(after(next, { type: 'qr' })).toMatchObject({ status: 'qr', reason: 'device_removed' });
  });

  it('reconnects without end after network trouble, ever more slowly', () => {
    let now = standing('connected');
    const pauses: number[] = [];
    for (let round = 0; round < 40; round += 1) {
      now = after(now, dropped);
      expect(now).toMatchObject({ status: 'reconnecting', attempt: round + 1 });
      pauses.push(now.retryIn as number);
      now = after(now, { type: 'retry-due' });
    }
    expect(pauses.slice(0, 4)).toEqual([750, 1500, 3000, 6000]);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(60_000);
  });

  it('gives a browser five launches, then waits for a person, who begins anew', () => {
    const failed: Input = { type: 'disconnected', cause: 'launch-failed', linked: false };
    let now = standing('starting');
    for (let round = 1; round < 5; round += 1) {
      now = after(now, failed);
      expect(now).toMatchObject({ status: 'starting', reason: 'browser_failed', attempt: round });
      expect(now.retryIn).not.toBeNull();
      now = after(now, { type: 'retry-due' });
    }
    const over = after(now, failed);
    expect(over).toMatchObject({ status: 'failed', reason: 'browser_failed', retryIn: null });
    expect(after(over, { type: 'retry-due' }).status).toBe('failed');
    const anew = after(over, { type: 'restart' });
    expect(anew).toMatchObject({ status: 'starting', attempt: 0 });
    expect(after(anew, failed)).toMatchObject({ status: 'starting', attempt: 1 });
  });

  it('forgets earlier failures only after a stable minute', () => {
    const back = after(
      standing('connected'),
      dropped,
      { type: 'retry-due' },
      { type: 'connected' },
    );
    expect(back.attempt).toBe(1);
    expect(after(back, dropped).attempt).toBe(2);
    expect(after(back, { type: 'stable' }, dropped).attempt).toBe(1);
  });

  it('does not fight over the credentials', () => {
    const once = after(standing('connected'), replaced);
    expect(once).toMatchObject({ status: 'reconnecting', reason: 'replaced' });
    expect(once.retryIn).toBeGreaterThanOrEqual(30_000);
    const twice = after(once, { type: 'retry-due' }, { type: 'connected' }, replaced);
    expect(twice).toMatchObject({ status: 'failed', reason: 'replaced', retryIn: null });
    const later = after(
      once,
      { type: 'retry-due' },
      { type: 'connected' },
      { type: 'stable' },
      replaced,
    );
    expect(later.status).toBe('reconnecting');
  });

  it.each([
    ['banned', 'banned'],
    ['client-outdated', 'client_outdated'],
  ] as const)('asks again rarely when %s', (cause, reason) => {
    const input: Input = { type: 'disconnected', cause, linked: true };
    const first = after(standing('connected'), input);
    expect(first).toMatchObject({ status: 'failed', reason });
    expect(first.retryIn).toBeGreaterThanOrEqual(30_000);
    const second = after(first, { type: 'retry-due' }, input);
    expect(second.retryIn).toBeGreaterThan(first.retryIn as number);
    expect(after(first, { type: 'retry-due' }, { type: 'connected' }).status).toBe('connected');
  });

  it('offers QRs with growing pauses until somebody asks', () => {
    const unscanned: Input = { type: 'disconnected', cause: 'qr-expired', linked: false };
    let now = standing('qr');
    const pauses: number[] = [];
    for (let round = 0; round < 12; round += 1) {
      now = after(now, unscanned);
      expect(now).toMatchObject({ reason: 'qr_expired', action: 'scan' });
      pauses.push(now.retryIn as number);
      now = after(now, { type: 'retry-due' }, { type: 'qr' });
    }
    expect([...pauses]).toEqual([...pauses].sort((a, b) => a - b));
    expect(pauses.at(-1)).toBeLessThanOrEqual(600_000);
    const asked = transition(after(now, unscanned), { type: 'start', reason: 'requested' });
    expect(asked.effects).toContain('open-engine');
  });

  it('keeps the pairing code while QRs go on being offered', () => {
    const pairing = after(standing('qr'), { type: 'pairing-code' });
    expect(after(pairing, { type: 'qr' }).status).toBe('pairing');
  });

  it('restarts what is stuck', () => {
    const stuck = transition(standing('starting'), { type: 'stuck', linked: true });
    expect(stuck.next).toMatchObject({ status: 'reconnecting', reason: 'stuck' });
    expect(stuck.next.retryIn).not.toBeNull();
  });

  it('spreads the pauses', () => {
    expect(pauseBefore('transient', 3, () => 0)).toBe(2000);
    expect(pauseBefore('transient', 3, () => 1)).toBe(4000);
  });
});
