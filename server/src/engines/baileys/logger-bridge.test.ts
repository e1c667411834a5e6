import pino from 'pino';
import { expect, it } from 'vitest';
import { bridgeLogger } from './logger-bridge.js';

function lines(level: string) {
  const written: string[] = [];
  const logger = pino({ level }, { write: (line: string) => void written.push(line) });
  return { written, bridge: bridgeLogger(logger) };
}

it('lets neither secrets nor numbers through', () => {
  const { written, bridge } = lines('trace');
  bridge.child({ class: 'ns' }).error({ key: { remoteJid: '4915112345678@s.whatsapp.net' } }, 'x');
  bridge.info({ node: { noiseKey: 'c2VjcmV0' }, msgId: '3EB0AA' }, 'logging in...');
  bridge.warn('Invalid LID-PN mapping: 4915112345678@s.whatsapp.net');
  bridge.error({ err: new Error('JID 4915112345678@s.whatsapp.net') }, 'failed');
  bridge.trace({ xml: '<message>secret</message>' }, 'xml');
  const all = written.join('');
  expect(all).not.toMatch(/4915112345678|c2VjcmV0|secret/);
  expect(all).toContain('"msgId":"3EB0AA"');
  expect(all).toContain('…678@s.whatsapp.net');
  expect(bridge.level).toBe('debug');
});

it('is quiet unless made verbose, and calls errors warnings', () => {
  const { written, bridge } = lines('info');
  bridge.debug({}, 'a');
  bridge.info({}, 'b');
  bridge.warn({}, 'c');
  bridge.error({}, 'd');
  expect(written.map((line) => JSON.parse(line) as { level: number; msg: string })).toMatchObject([
    { level: 40, msg: 'baileys: d' },
  ]);
});
