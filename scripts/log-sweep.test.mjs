import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sweepLogs } from './log-sweep.mjs';

let folder;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sweep-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name, ...lines) =>
  writeFileSync(path.join(folder, name), lines.map((line) => `${line}\n`).join(''));
const random = 'Q8yT3vX1_zR7-kL2mN5pW9sB4cD6fG0hJ';

it('finds what a test has sent, as it is and as JSON writes it, and does not repeat it', async () => {
  write('1.planted', JSON.stringify('the gate "code"'), JSON.stringify('a (good) password?'));
  write(
    '1.log',
    '{"msg":"fine"}',
    JSON.stringify({ msg: 'sign-in', password: 'a (good) password?' }),
    JSON.stringify({ msg: 'text', text: 'here is the gate "code" again' }),
  );
  const { lines, planted, hits } = await sweepLogs(folder);
  expect([lines, planted, hits.length]).toEqual([3, 3, 2]);
  expect(hits.join()).toContain('sign-in');
  expect(hits.join()).not.toContain('good');
});

it.each([
  ['a key', `pbk_${random}`],
  ['a cookie', `patchbay=pbl_${random}`],
  ['the server’s key', `pb_${random}`],
  ['a secret of a webhook', `whsec_${random}`],
  ['a bearer', `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJvd25lciJ9.${random}`],
  ['a hashed password', `scrypt$${random}$${random}`],
  ['a phone', '99900001001@s.whatsapp.net'],
])('finds %s by its form', async (_what, secret) => {
  write('1.log', JSON.stringify({ msg: 'something', detail: `said ${secret}.` }));
  expect((await sweepLogs(folder)).hits).toHaveLength(1);
});

it('looks for very many and very long values', async () => {
  const many = Array.from({ length: 1000 }, (_, n) => JSON.stringify(`value number ${n}.`));
  write('1.planted', JSON.stringify('x'.repeat(1_000_000)), ...many);
  write('1.log', `{"msg":"value number 999."}`, JSON.stringify({ msg: 'x'.repeat(5000) }), '{}');
  expect((await sweepLogs(folder)).hits).toHaveLength(2);
});

it('lets be what belongs there', async () => {
  write('1.planted', JSON.stringify('only of this one'));
  write('1.log', '{"msg":"request","phone":"99*******01"}', '{"time":"2026-01-01T00:00:00Z"}');
  write('2.log', '{"msg":"only of this one"}', `API key, shown only this once: pb_${random}`);
  write('3.log', `Create the first admin by opening http://127.0.0.1:1/setup#pb_${random}`);
  expect(await sweepLogs(folder)).toEqual({ lines: 5, planted: 1, hits: [] });
});
