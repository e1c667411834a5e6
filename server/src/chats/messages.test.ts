import type { Chat, LogEvent, Message } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';

describe.each(databases)('messages over HTTP on %s', (database) => {
  let sandbox: TestSandbox;
  let server: TestServer;
  let own: string;
  let other: string;

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    server = await TestServer.start(sandbox, { database });
    own = await sandbox.phone('Own number');
    other = await sandbox.phone('Elena Rojas');
    await server.linked(sandbox, 'main', own);
  });
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
  });

  const chats = async () =>
    (await server.call<{ chats: Chat[] }>('GET', '/api/sessions/main/chats')).body.chats;
  const thread = async (chatId: string, query = '') =>
    (
      await server.call<{ messages: Message[]; before: string | null }>(
        'GET',
        `/api/sessions/main/chats/${chatId}/messages${query}`,
      )
    ).body;
  const events = async () =>
    (await server.call<{ events: LogEvent[] }>('GET', '/api/events?limit=500')).body.events;

  it('stores what comes in, once, with its chat and its event', async () => {
    const id = await sandbox.write(other, { to: own, text: 'Is it open? ¿Sí? 😀' });
    const message = await server.message('main', id);
    expect(message).toMatchObject({
      content: 'Is it open? ¿Sí? 😀',
      fromMe: false,
      senderName: 'Elena Rojas',
      type: 'text',
      status: 'received',
    });
    const chat = (await chats()).find((one) => one.phone === other);
    expect(chat).toMatchObject({ name: 'Elena Rojas', unreadCount: 1, isGroup: false });
    expect(chat?.lastMessage?.content).toBe('Is it open? ¿Sí? 😀');
    const told = (await events()).filter(
      (event) => event.name === 'session.message' && event.data.message.id === id,
    );
    expect(told).toHaveLength(1);
  });

  it('sends under the id it answered, and follows the ticks', async () => {
    const id = await server.send('main', other, 'Until nine.');
    await server.message('main', id, ({ status }) => status === 'delivered');
    const got = (await sandbox.messagesOf(other)).find((message) => message.id === id);
    expect(got).toMatchObject({ text: 'Until nine.', from: own, deliveries: 1 });
    await sandbox.call('POST', `/api/phones/${other}/read`, { chat: own });
    await server.message('main', id, ({ status }) => status === 'read');
    const climbed = (await events()).flatMap((event) =>
      event.name === 'message.status' && event.data.messageId === id ? [event.data.status] : [],
    );
    expect(climbed.at(-1)).toBe('read');
    expect(new Set(climbed).size).toBe(climbed.length);
  });

  it('finds one chat by phone number, jid and LID', async () => {
    const lid = (
      await sandbox.call<{ phones: { phone: string; lid: string }[] }>('GET', '/api/phones')
    ).phones.find(({ phone }) => phone === other)?.lid;
    const byPhone = await thread(other);
    expect(byPhone.messages).toHaveLength(2);
    expect(await thread(`${other}@s.whatsapp.net`)).toEqual(byPhone);
    expect(await thread(encodeURIComponent(lid ?? ''))).toEqual(byPhone);
  });

  it('shows reactions and quotes', async () => {
    const id = await server.send('main', other, 'Shall I keep one for you?');
    await server.message('main', id, ({ status }) => status === 'delivered');
    await sandbox.write(other, { to: own, reaction: { messageId: id, emoji: '👍' } });
    await server.message('main', id, ({ reactions }) => reactions.some((r) => r.emoji === '👍'));
    const { messages } = await thread(other);
    expect(messages.some((message) => message.type === 'reaction')).toBe(false);

    const path = '/api/sessions/main/send/text';
    const body = { chatId: other, text: 'Kept.', quotedMessageId: id };
    const answer = await server.call<{ messageId: string }>('POST', path, body);
    const sent = await server.message('main', answer.body.messageId);
    expect(sent.quotedMessage).toEqual({
      id,
      content: 'Shall I keep one for you?',
      type: 'text',
      fromMe: true,
      senderName: null,
    });
  });

  it('speaks in groups', async () => {
    const third = await sandbox.phone('Pablo');
    const { id: jid } = await sandbox.call<{ id: string }>('POST', '/api/groups', {
      subject: 'Deliveries',
      participants: [own, other, third],
    });
    const inbound = await sandbox.write(third, { to: jid, text: 'On my way' });
    await server.message('main', inbound, ({ senderName }) => senderName === 'Pablo');
    const chat = await eventually('the subject', async () =>
      (await chats()).find((one) => one.isGroup && one.name === 'Deliveries'),
    );
    expect(chat.id).toBe(jid);
    const id = await server.send('main', jid, 'Good');
    for (const phone of [other, third]) {
      await eventually(`${phone} has it`, async () =>
        (await sandbox.messagesOf(phone)).find((message) => message.id === id),
      );
    }
  });

  it('pages backwards through a long chat without gaps', async () => {
    const writer = await sandbox.phone('Long');
    const ids: string[] = [];
    for (let n = 0; n < 25; n += 1)
      ids.push(await sandbox.write(writer, { to: own, text: `${n}` }));
    await server.message('main', ids.at(-1) as string);
    const seen: string[] = [];
    let before: string | null = '';
    while (before !== null) {
      const query: string = before ? `?limit=7&before=${before}` : '?limit=7';
      const page = await thread(writer, query);
      seen.unshift(...page.messages.map((message) => message.content));
      before = page.before;
    }
    expect(seen).toEqual(ids.map((_, n) => `${n}`));
    const wrong = await server.call(
      'GET',
      `/api/sessions/main/chats/${writer}/messages?before=zzz`,
    );
    expect(wrong.status).toBe(400);
  });

  it('streams events and resumes after the last one seen', async () => {
    const first = await sandbox.write(other, { to: own, text: 'one' });
    await server.message('main', first);
    const upTo = (await events()).find(
      (event) => event.name === 'session.message' && event.data.message.id === first,
    )?.position as number;
    const missed = await sandbox.write(other, { to: own, text: 'two' });
    await server.message('main', missed);
    const reader = await readStream(`${server.url}/api/events/stream`, upTo);
    const live = await sandbox.write(other, { to: own, text: 'three' });
    const got = await reader.until((event) => event.data.message?.id === live);
    const texts = got.flatMap(({ data }) => (data.message ? [data.message.content] : []));
    expect(texts).toEqual(['two', 'three']);
  });

  it('refuses what cannot be sent', async () => {
    const path = '/api/sessions/main/send/text';
    await server.call('PUT', '/api/sessions/unlinked');
    const cases: [string, object, number, string][] = [
      [path, { chatId: other }, 400, 'invalid_request'],
      [path, { chatId: other, text: '' }, 400, 'invalid_request'],
      [path, { chatId: 'what?', text: 'x' }, 400, 'invalid_chat'],
      [path, { chatId: '12', text: 'x' }, 400, 'invalid_chat'],
      [path, { chatId: other, text: 'x', quotedMessageId: 'no' }, 404, 'message_not_found'],
      ['/api/sessions/unlinked/send/text', { chatId: other, text: 'x' }, 409, 'session_not_linked'],
      ['/api/sessions/nobody/send/text', { chatId: other, text: 'x' }, 404, 'session_not_found'],
    ];
    for (const [to, body, status, code] of cases) {
      const answer = await server.call<{ error: { code: string } }>('POST', to, body);
      expect([body, answer.status, answer.body.error.code]).toEqual([body, status, code]);
    }
    const answer = await server.call('POST', path, { chatId: other, text: 'x'.repeat(2_000_000) });
    expect(answer.status).toBe(413);
  });
});

interface StreamedEvent {
  name: string;
  data: { message?: Message };
}

async function readStream(url: string, lastEventId: number) {
  const headers = { 'x-api-key': 'a-key-for-the-tests', 'last-event-id': String(lastEventId) };
  const answer = await fetch(url, { headers });
  if (!answer.body) throw new Error('no body');
  const chunks = answer.body.pipeThrough(new TextDecoderStream());
  return {
    async until(found: (event: StreamedEvent) => boolean): Promise<StreamedEvent[]> {
      let text = '';
      for await (const chunk of chunks) {
        text += chunk;
        const events = text
          .split('\n')
          .filter((line) => line.startsWith('data: {"id"') && line.endsWith('}'))
          .map((line) => JSON.parse(line.slice(6)) as StreamedEvent);
        if (events.some(found)) return events;
      }
      throw new Error('the stream ended');
    },
  };
}
