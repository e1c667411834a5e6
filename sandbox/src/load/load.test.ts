import '@patchbay/hardening';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TestWorld } from '../testing/test-world.js';
import { LoadContact } from './load-contact.js';

const ANA = '51999700001';
const LOAD = '51999700009';

let world: TestWorld;

beforeEach(async () => {
  world = await new TestWorld().start();
  await world.phone(ANA, 'Ana');
});
afterEach(() => world.end());

it('delivers prepared messages to a real client, in order, and counts its receipts', async () => {
  const ana = await world.linked(ANA);
  const { server } = world.sandbox;
  const account = server.account(ANA)!;
  const contact = await LoadContact.open(server, LOAD);
  const first = await contact.prepare(account, 1, ['hello']);
  expect(first.stanzas[0]).toMatchObject({ content: [{ attrs: { type: 'pkmsg' } }] });
  await server.load.run([first]);
  await ana.socket.sendMessage(`${LOAD}@s.whatsapp.net`, { text: 'hello back' });
  await contact.hasHeard(account, 1);
  const texts = Array.from({ length: 200 }, (_, index) => `text ${index}`);
  const batch = await contact.prepare(account, 1, texts);
  expect(batch.stanzas[0]).toMatchObject({ content: [{ attrs: { type: 'msg' } }] });
  const result = await server.load.run([batch]);
  expect(result.outcomes).toEqual({ receipted: 200, acked: 0, nacked: 0, superseded: 0 });
  await ana.until('all', () => ana.texts().includes('text 199'));
  expect(ana.texts().filter((text) => text?.startsWith('text '))).toEqual(texts);
  contact.close();
});

it('says how many are open when a client does not answer', async () => {
  await world.linked(ANA);
  const { server } = world.sandbox;
  const contact = await LoadContact.open(server, LOAD);
  const batch = await contact.prepare(server.account(ANA)!, 1, ['a', 'b']);
  server.faults.add({ kind: 'silence', phone: ANA, device: 1 });
  const run = server.load.run([batch], { timeoutMs: 100 });
  await expect(run).rejects.toThrow('2 of 2 messages were not receipted');
  contact.close();
});
