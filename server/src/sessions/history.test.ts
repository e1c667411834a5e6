import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';

const OLD = { messages: 1200, chats: 7, portion: 200 };

interface HistoryEvent {
  name: string;
  data: { messages: number; progress: number | null; done: boolean };
}

describe.each(databases)('history on %s', (name) => {
  let sandbox: TestSandbox;
  let server: TestServer;
  let phone: string;
  let friend: string;

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    server = await TestServer.start(sandbox, { database: name });
    [phone, friend] = [await sandbox.phone(), await sandbox.phone()];
    await server.linked(sandbox, 'main', phone);
  });
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
  });

  const portions = async () => {
    const path = '/api/sessions/main/events?limit=100';
    const { body } = await server.call<{ events: HistoryEvent[] }>('GET', path);
    return body.events.filter((event) => event.name === 'session.history');
  };

  it('arrives by download, in portions, while messages go on; each message once', async () => {
    const before = (await portions()).length;
    await sandbox.call('POST', `/api/phones/${phone}/history`, OLD);
    const live = await sandbox.write(friend, { to: phone, text: 'meanwhile' });
    await server.message('main', live);
    const done = await eventually('the last portion', async () => {
      const told = (await portions()).slice(before);
      return told.some(({ data }) => data.progress === 100 && data.done) ? told : undefined;
    });
    expect(done.reduce((sum, { data }) => sum + data.messages, 0)).toBe(OLD.messages);

    const seen = new Set<string>();
    let after: string | null = null;
    const chats: { id: string; unreadCount: number }[] = [];
    do {
      const query: string = after ? `?after=${after}` : '';
      const { body } = await server.call<{ chats: typeof chats; after: string | null }>(
        'GET',
        `/api/sessions/main/chats${query}`,
      );
      chats.push(...body.chats);
      after = body.after;
    } while (after);
    const old = chats.filter(({ id }) => id.startsWith('888'));
    expect(old).toHaveLength(OLD.chats);
    for (const { id } of old) {
      let before: string | null = null;
      do {
        const query: string = before ? `&before=${before}` : '';
        const path = `/api/sessions/main/chats/${id}/messages?limit=200${query}`;
        const { body } = await server.call<{ messages: { id: string }[]; before: string | null }>(
          'GET',
          path,
        );
        for (const message of body.messages) seen.add(message.id);
        before = body.before;
      } while (before);
    }
    expect(seen.size).toBe(OLD.messages);
  });
});
