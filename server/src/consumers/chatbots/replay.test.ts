import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../../testing/databases.js';
import { eventually } from '../../testing/eventually.js';
import { TestSandbox } from '../../testing/test-sandbox.js';
import { TestServer } from '../../testing/test-server.js';
import { ModelEndpoint } from './testing/model-endpoint.js';

describe.each(databases)('reading the log again, on %s', (database) => {
  let sandbox: TestSandbox;
  let server: TestServer;
  let model: ModelEndpoint;

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    model = await ModelEndpoint.start();
    server = await TestServer.start(sandbox, {
      database,
      environment: { ALLOW_PRIVATE_TARGETS: '127.0.0.1' },
    });
  }, 60_000);
  afterAll(async () => {
    await server.stop();
    await model.stop();
    await sandbox.stop();
  });

  const rows = async () =>
    await server.house.database.kysely
      .selectFrom('chatbot_messages')
      .selectAll()
      .orderBy('conversation_id')
      .orderBy('position')
      .execute();

  it('gives the same rows, and answers nothing again', async () => {
    const own = await sandbox.phone();
    await server.linked(sandbox, 'shop', own);
    await server.call('POST', '/api/chatbots', {
      sessionId: 'shop',
      name: 'Helper',
      enabled: true,
      responder: 'ai',
      quietSeconds: 0.1,
      ai: { baseUrl: model.baseUrl, model: 'm' },
    });
    const phones = [await sandbox.phone(), await sandbox.phone()];
    for (const phone of phones) await sandbox.write(phone, { to: own, text: `I am ${phone}` });
    const [first] = phones as [string];
    const before = await eventually('questions and answers', async () => {
      const found = await rows();
      return found.length === 4 ? found : undefined;
    });
    await sandbox.write(own, { to: first, text: 'from the phone' });
    await sandbox.write(first, { to: own, text: 'to a person' });
    const all = await eventually('all that was said', async () => {
      const found = await rows();
      return found.length === 6 ? found : undefined;
    });
    expect(all.map(({ by }) => by).sort()).toEqual(
      ['bot', 'bot', 'contact', 'contact', 'contact', 'human'].sort(),
    );
    expect(before.every((row) => all.some(({ id }) => id === row.id))).toBe(true);
    const calls = model.calls.length;

    await server.house.database.write([
      { query: server.house.database.kysely.deleteFrom('chatbot_messages') },
      {
        query: server.house.database.kysely
          .updateTable('event_consumers')
          .set({ position: 0 })
          .where('name', '=', 'chatbots'),
      },
    ]);
    await sandbox.write(first, { to: own, text: 'and once more' });
    const again = await eventually('the rows are back', async () => {
      const found = await rows();
      return found.length === 7 ? found : undefined;
    });
    expect(again.filter(({ content }) => content !== 'and once more')).toEqual(all);
    expect(model.calls.length).toBe(calls);
    for (const phone of phones) {
      const got = (await sandbox.messagesOf(phone)).filter(({ from }) => from === own);
      expect(got.filter(({ text }) => text.startsWith('answer to'))).toHaveLength(1);
    }
  });
});
