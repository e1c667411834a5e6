import './index.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { libsignal, mendLibsignal } from './libsignal.js';

describe("libsignal's console", () => {
  const methods = ['log', 'info', 'warn', 'error'] as const;
  const lines: unknown[][] = [];
  beforeEach(() => {
    lines.length = 0;
    for (const method of methods) {
      vi.spyOn(console, method).mockImplementation((...args) => void lines.push(args));
    }
  });
  afterEach(() => vi.restoreAllMocks());

  it('says nothing about sessions, and leaves the application its own', () => {
    const { SessionRecord } = libsignal();
    const record = new SessionRecord();
    const session = SessionRecord.createEntry();
    session.indexInfo = { closed: -1 };
    record.closeSession(session);
    record.closeSession(session);
    record.openSession(session);
    expect(session.indexInfo.closed).toBe(-1);
    expect(lines).toEqual([]);
    console.info('Closing session:', 'of the application');
    expect(lines).toEqual([['Closing session:', 'of the application']]);
  });

  it('is mended once only', () => {
    const { queueJob } = libsignal().SessionCipher.prototype;
    mendLibsignal({
      curve: () => expect.unreachable(),
      queueJob: () => expect.unreachable(),
      classes: () => expect.unreachable(),
    });
    expect(libsignal().SessionCipher.prototype.queueJob).toBe(queueJob);
  });
});
