import type { EventData } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { longOn } from '../testing/databases.js';
import { eventsOf, historyTold } from '../testing/events-of.js';
import { eventually } from '../testing/eventually.js';
import { ProcessPair } from '../testing/process-pair.js';
import type { TestApi } from '../testing/test-api.js';

const OLD = { messages: 600, chats: 7, portion: 100 };

async function portions(server: TestApi): Promise<EventData<'session.history'>[]> {
  return await eventsOf(server, 'main', 'session.history');
}

/** Ids of all old messages, as the API has them, page by page. */
async function oldMessages(server: TestApi): Promise<string[]> {
  const { body } = await server.call<{ chats: { id: string }[] }>(
    'GET',
    '/api/sessions/main/chats?limit=100',
  );
  const ids: string[] = [];
  for (const { id } of body.chats.filter((chat) => chat.id.startsWith('888'))) {
    let before: string | null = null;
    do {
      const more: string = before ? `&before=${before}` : '';
      const path = `/api/sessions/main/chats/${id}/messages?limit=200${more}`;
      const page = await server.call<{ messages: { id: string }[]; before: string | null }>(
        'GET',
        path,
      );
      ids.push(...page.body.messages.map((message) => message.id));
      before = page.body.before;
    } while (before);
  }
  return ids;
}

describe.each(longOn('postgres'))('history on %s', (name) => {
  let pair: ProcessPair;
  let phone: string;
  let friend: string;

  beforeAll(async () => {
    pair = await ProcessPair.start(name);
    [phone, friend] = [await pair.sandbox.phone(), await pair.sandbox.phone()];
    await pair.server.linked(pair.sandbox, 'main', phone);
  });
  afterAll(() => pair.stop());

  it('comes in portions while messages go on, and is whole after a death in the middle', async () => {
    const before = (await portions(pair.server)).length;
    await pair.sandbox.call('POST', `/api/phones/${phone}/history`, OLD);
    const live = await pair.sandbox.write(friend, { to: phone, text: 'said while it comes in' });
    await pair.server.message('main', live);
    await eventually('a first portion', async () => {
      const told = (await portions(pair.server)).slice(before);
      return told.length > 0 ? true : undefined;
    });
    await pair.serverProcess.kill();
    await pair.startServer();
    await eventually('the last portion', async () =>
      (await portions(pair.server)).slice(before).some((told) => told.progress === 100 && told.done)
        ? true
        : undefined,
    );
    const ids = await oldMessages(pair.server);
    expect(new Set(ids).size).toBe(OLD.messages);
    expect(ids).toHaveLength(OLD.messages);
  });

  it('that comes a second time is not told again', async () => {
    const before = await historyTold(pair.server, 'main');
    const portionsBefore = (await portions(pair.server)).length;
    await pair.sandbox.call('POST', `/api/phones/${phone}/history`, OLD);
    await eventually('the last portion', async () =>
      (await portions(pair.server)).slice(portionsBefore).some(({ done }) => done)
        ? true
        : undefined,
    );
    expect(new Set(before).size).toBe(before.length);
    expect(await historyTold(pair.server, 'main')).toEqual(before);
    expect(await oldMessages(pair.server)).toHaveLength(OLD.messages);
  });
});
