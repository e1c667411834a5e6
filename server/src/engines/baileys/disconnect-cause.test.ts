import { expect, it } from 'vitest';
import { disconnectCause } from './disconnect-cause.js';

it.each([
  [515, '', 'restart-required'],
  [401, '', 'logged-out'],
  [440, '', 'replaced'],
  [402, '', 'banned'],
  [403, '', 'banned'],
  [406, '', 'banned'],
  [405, '', 'client-outdated'],
  [409, '', 'client-outdated'],
  [408, 'Connection was lost', 'transient'],
  [408, 'QR refs attempts ended', 'qr-expired'],
  [400, 'noise certificate signature invalid', 'transient'],
  [411, '', 'transient'],
  [428, 'Connection Terminated', 'transient'],
  [500, '', 'transient'],
  [503, '', 'transient'],
  [undefined, '', 'transient'],
] as const)('%s %s: %s', (code, message, cause) => {
  expect(disconnectCause(code, message)).toBe(cause);
});
