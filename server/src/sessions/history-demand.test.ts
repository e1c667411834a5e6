import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { longOn } from '../testing/databases.js';
import { eventsOf, historyTold } from '../testing/events-of.js';
import { eventually } from '../testing/eventually.js';
import { ProcessPair } from '../testing/process-pair.js';

const OLD = { messages: 40, chats: 1, portion: 40, kept: 100 };
const CHAT = '88800000000';

describe.each(longOn('sqlite'))('older messages on demand, on %s', (name) => {
  let pair: ProcessPair;
  let phone: string;

  beforeAll(async () => {
    pair = await ProcessPair.start(name);
    phone = await pair.sandbox.phone();
    await pair.server.linked(pair.sandbox, 'main', phone);
    await pair.sandbox.call('POST', `/api/phones/${phone}/history`, OLD);
    await eventually('what was handed over', async () =>
      (await thread()).length === OLD.messages ? true : undefined,
    );
  });
  afterAll(() => pair.stop());

  const ask = (body: object, chatId = CHAT, id = 'main') =>
    pair.server.call<{ requestId: string; error?: { code: string } }>(
      'POST',
      `/api/sessions/${id}/chats/${chatId}/history`,
      body,
    );
  /** The last portion of the answer. */
  const answered = (requestId: string) =>
    eventually(`the answer to ${requestId}`, async () =>
      (await eventsOf(pair.server, 'main', 'session.history')).find(
        (told) => told.requestId === requestId && told.done,
      ),
    );
  const thread = async () => {
    const path = `/api/sessions/main/chats/${CHAT}/messages?limit=200`;
    const { body } = await pair.server.call<{ messages?: { id: string }[] }>('GET', path);
    return body.messages?.map(({ id }) => id) ?? [];
  };

  it('go before those that are known', async () => {
    const { status, body } = await ask({ count: 20 });
    expect(status).toBe(202);
    expect(await answered(body.requestId)).toMatchObject({ messages: 20, done: true });
    const page = await thread();
    expect(page).toHaveLength(60);
    expect(page[0]).toBe('OLD000000000059');
  });

  it('come once when the server dies before the answer', async () => {
    const before = await thread();
    const { body } = await ask({ count: 30 });
    await pair.serverProcess.kill();
    await pair.startServer();
    await answered(body.requestId);
    const after = await thread();
    expect(after).toHaveLength(90);
    expect(after.slice(30)).toEqual(before);
    await pair.server.reaches('main', 'connected');
  });

  it('end where the phone has no more', async () => {
    await answered((await ask({})).body.requestId);
    expect(await thread()).toHaveLength(OLD.kept);
    expect(await answered((await ask({})).body.requestId)).toMatchObject({ messages: 0 });
    const told = await historyTold(pair.server, 'main');
    expect(new Set(told).size).toBe(told.length);
    expect(told).toHaveLength(OLD.kept);
  });

  it('are asked for only where that can be', async () => {
    const refusal = async (...asked: Parameters<typeof ask>) => {
      const { status, body } = await ask(...asked);
      return [status, body.error?.code];
    };
    expect(await refusal({}, '99999999999')).toEqual([404, 'chat_not_found']);
    expect(await refusal({ count: 51 })).toEqual([400, 'invalid_request']);
    expect(await refusal({}, CHAT, 'nowhere')).toEqual([404, 'session_not_found']);
    await pair.server.call('DELETE', '/api/sessions/main');
    expect(await refusal({})).toEqual([409, 'session_not_connected']);
  });
});
