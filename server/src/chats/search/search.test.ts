import type { ErrorBody, Message, MessagePage, SearchPage } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../../testing/databases.js';
import { TestSandbox } from '../../testing/test-sandbox.js';
import { TestServer } from '../../testing/test-server.js';
import { MessageChanges } from '../message-changes.js';

describe.each(databases)('searching messages on %s', (name) => {
  let sandbox: TestSandbox;
  let server: TestServer;
  let own: string;
  let marta: string;
  let pablo: string;

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    server = await TestServer.start(sandbox, { database: name });
    own = await sandbox.phone('Own number');
    marta = await sandbox.phone('Marta');
    pablo = await sandbox.phone('Pablo');
    await server.linked(sandbox, 'main', own);
    await server.linked(sandbox, 'other', await sandbox.phone('Other number'));
  });
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
  });

  const path = (query: Record<string, string>, session = 'main') =>
    `/api/sessions/${session}/messages/search?${new URLSearchParams(query)}`;
  const search = async (query: Record<string, string>, session?: string) =>
    (await server.call<SearchPage>('GET', path(query, session))).body;
  const texts = async (query: Record<string, string>, session?: string) =>
    (await search(query, session)).results.map(({ message }) => message.content);
  const receive = async (from: string, text: string) => {
    const id = await sandbox.write(from, { to: own, text });
    return await server.message('main', id);
  };

  it('finds by words, beginnings, phrases and parts of unspaced scripts', async () => {
    await receive(marta, 'The invoice for March is missing');
    await receive(marta, 'March is late, the invoices come in April');
    await receive(marta, '明天下午三点见面');
    expect(await texts({ q: 'march INVOICE' })).toHaveLength(2);
    expect(await texts({ q: '"invoice" march' })).toEqual(['The invoice for March is missing']);
    expect(await texts({ q: '"march is late"' })).toHaveLength(1);
    expect(await texts({ q: '"late is march"' })).toEqual([]);
    expect(await texts({ q: '下午三' })).toEqual(['明天下午三点见面']);
    expect(await texts({ q: '见' })).toHaveLength(1);
    expect(await texts({ q: '三下' })).toEqual([]);
    const [first] = (await search({ q: 'april' })).results;
    const { text, highlights } = first?.snippet ?? { text: '', highlights: [] };
    expect(highlights.map(({ start, end }) => text.slice(start, end))).toEqual(['April']);
  });

  it('keeps sessions apart, and finds what was sent', async () => {
    const id = await server.send('main', marta, 'The zebra is on its way');
    await server.message('main', id);
    expect(await texts({ q: 'zebra', sender: 'me' })).toHaveLength(1);
    expect(await texts({ q: 'zebra', sender: marta })).toEqual([]);
    expect(await texts({ q: 'zebra' }, 'other')).toEqual([]);
  });

  it('narrows by chat, sender, kind and time', async () => {
    await receive(marta, 'lantern one');
    const middle = await receive(pablo, 'lantern two');
    await receive(pablo, 'lantern three');
    expect(await texts({ q: 'lantern' })).toHaveLength(3);
    expect(await texts({ q: 'lantern', chatId: marta })).toEqual(['lantern one']);
    const lid = await sandbox.lidOf(pablo);
    expect(await texts({ q: 'lantern', chatId: lid })).toEqual(['lantern three', 'lantern two']);
    expect(await texts({ q: 'lantern', sender: lid })).toHaveLength(2);
    expect(await texts({ q: 'lantern', type: 'image' })).toEqual([]);
    const from = middle.timestamp;
    const later = new Date(Date.parse(from) + 3_600_000).toISOString();
    expect(await texts({ q: 'lantern', from, to: later })).toContain('lantern three');
    expect(await texts({ q: 'lantern', from: later })).toEqual([]);
  });

  it('pages through what it found, newest first, without gaps', async () => {
    const sent: string[] = [];
    for (let n = 0; n < 11; n += 1) {
      sent.unshift(`harvest number ${n}`);
      await receive(pablo, `harvest number ${n}`);
    }
    const seen: string[] = [];
    let after: string | null = '';
    while (after !== null) {
      const page: SearchPage = await search({ q: 'harvest', limit: '4', ...(after && { after }) });
      seen.push(...page.results.map(({ message }) => message.content));
      after = page.after;
    }
    expect(seen).toEqual(sent);
  });

  it('jumps to what it found and reads on in both directions', async () => {
    const read = async (query: string) =>
      (await server.call<MessagePage>('GET', `/api/sessions/main/chats/${pablo}/messages?${query}`))
        .body;
    const all = (await read('limit=200')).messages;
    const [found] = (await search({ q: '"harvest number 5"' })).results;
    const around = await read(`limit=5&around=${found?.message.id}`);
    const at = all.findIndex(({ id }) => id === found?.message.id);
    expect(around.messages).toEqual(all.slice(at - 2, at + 3));
    const backwards: Message[] = [];
    for (let before = around.before; before; ) {
      const page = await read(`limit=3&before=${before}`);
      backwards.unshift(...page.messages);
      before = page.before;
    }
    expect(backwards).toEqual(all.slice(0, at - 2));
    const forwards: Message[] = [];
    for (let after = around.after; after; ) {
      const page = await read(`limit=3&after=${after}`);
      forwards.push(...page.messages);
      after = page.after;
    }
    expect(forwards).toEqual(all.slice(at + 3));
  });

  it('forgets what was taken back, deleted, or changed', async () => {
    const { id } = await receive(marta, 'The password is swordfish');
    const { database } = server.house;
    const changes = new MessageChanges(database);
    const author = { jid: (await server.message('main', id)).senderJid ?? '', fromMe: false };
    const at = Date.now();
    await database.write([changes.edit('main', id, { ...author, at }, 'The password is haddock')]);
    expect(await texts({ q: 'swordfish' })).toEqual([]);
    expect(await texts({ q: 'haddock' })).toEqual(['The password is haddock']);
    const earlier = { ...author, at: at - 1000 };
    await database.write([changes.edit('main', id, earlier, 'The password is herring')]);
    expect(await texts({ q: 'haddock' })).toEqual(['The password is haddock']);
    await database.write([changes.revoke('main', id, earlier, false)]);
    expect(await texts({ q: 'haddock' })).toEqual([]);
    const gone = await receive(marta, 'The albatross');
    await database.write([
      { query: database.kysely.deleteFrom('messages').where('id', '=', gone.id) },
    ]);
    expect(await texts({ q: 'albatross' })).toEqual([]);
  });

  it('refuses what it cannot look for', async () => {
    for (const [query, status, code] of [
      [{ q: '?!' }, 400, 'invalid_request'],
      [{}, 400, 'invalid_request'],
      [{ q: 'x', after: 'zzz' }, 400, 'invalid_request'],
      [{ q: 'x', chatId: 'what?' }, 400, 'invalid_chat'],
      [{ q: 'x', chatId: '51999000111' }, 404, 'chat_not_found'],
      [{ q: 'x', from: 'yesterday' }, 400, 'invalid_request'],
    ] as [Record<string, string>, number, string][]) {
      const answer = await server.call<ErrorBody>('GET', path(query));
      expect([query, answer.status, answer.body.error.code]).toEqual([query, status, code]);
    }
    const odd = `'"*:^()-{}\\ NEAR(a b) OR AND NOT "unclosed`;
    expect((await server.call('GET', path({ q: odd }))).status).toBe(200);
  });
});
