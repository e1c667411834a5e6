import type { SendAnswer } from '@patchbay/contract';
import type { Updateable } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Schema } from '../db/schema.js';
import { longOn } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';

describe.each(longOn('postgres'))('acks that do not come, on %s', (database) => {
  let sandbox: TestSandbox;
  let server: TestServer;
  let own: string;
  let friend: string;

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    server = await TestServer.start(sandbox, {
      database,
      times: { stableAfter: 200 },
      outboxTimes: { ackWithin: 100, giveUpAfter: 0, settleAfterConnect: 500 },
    });
    own = await sandbox.phone();
    friend = await sandbox.phone();
    await server.linked(sandbox, 's', own);
    await send('a first word');
  });
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
  });

  const send = async (text: string) => {
    const path = '/api/sessions/s/send/text?wait=delivered';
    const { body } = await server.call<SendAnswer>('POST', path, { chatId: friend, text });
    expect(body).toHaveProperty('messageId');
    return body;
  };
  const fault = (kind: string, phone: string, more: object = {}) =>
    sandbox.call('POST', '/api/faults', { kind, phone, ...more });
  /** Neither WhatsApp's ack nor a receipt, which would tell as much; our own phone's copy would, too. */
  const noAnswer = async (more: object = {}) => {
    await fault('ack_missing', own, more);
    for (const phone of [own, friend]) await fault('receipt_lost', phone, { device: 0, ...more });
  };
  const shown = async (id: string) =>
    (await sandbox.messagesOf(friend)).filter((message) => message.id === id);

  it('a missing ack is noticed: handed over again under the same id, and shown once', async () => {
    await noAnswer();
    const { status, messageId } = await send('unacknowledged');
    expect(status).toBe('delivered');
    expect(await shown(messageId)).toHaveLength(1);
  });

  it('what was under way when the connection broke is sent again under the same id', async () => {
    await noAnswer();
    const [first] = await Promise.all([send('under way'), fault('cut', own)]);
    expect(first.status).toBe('delivered');
    expect(await shown(first.messageId)).toHaveLength(1);
  });

  it('tries that a lost connection cut short are no missing acks', async () => {
    await fault('message_lost', own, { times: 7 });
    const { messageId } = await send('cut short');
    const { status } = await server.message('s', messageId, (m) => m.status === 'delivered');
    expect(status).toBe('delivered');
    expect(await shown(messageId)).toHaveLength(1);
  }, 120_000);

  it('however many were cut short: it waits longer, and is sent', async () => {
    const { database, log } = server.house;
    const outbox = (set: Updateable<Schema['outbox']>) =>
      database.write([{ query: database.kysely.updateTable('outbox').set(set) }]);
    await server.call('DELETE', '/api/sessions/s');
    const path = '/api/sessions/s/send/text';
    const { body } = await server.call<SendAnswer>('POST', path, {
      chatId: friend,
      text: 'cut short sixty times',
    });
    await outbox({ state: 'sending', attempts: 60 });
    await server.call('PUT', '/api/sessions/s');
    const due = await eventually('it waits', async () => {
      const row = await database.kysely.selectFrom('outbox').selectAll().executeTakeFirstOrThrow();
      return row.due_at > Date.now() + 30_000 ? row.due_at : undefined;
    });
    expect(due).toBeLessThan(Date.now() + 90_000);
    await outbox({ due_at: Date.now() });
    log.wakeup.hint('outbox:s');
    await server.message('s', body.messageId, ({ status }) => status === 'delivered');
    expect(await shown(body.messageId)).toHaveLength(1);
  });

  it('without any ack it is given up in the end, and does not hold the chat for ever', async () => {
    await noAnswer({ forMs: 60_000 });
    const { messageId } = await send('never acknowledged').finally(() =>
      sandbox.call('DELETE', '/api/faults'),
    );
    const { failure } = await server.message('s', messageId, ({ status }) => status === 'failed');
    expect(failure).toEqual({ code: 'no_ack', certainlyNotSent: false });
    expect((await send('and on')).status).toBe('delivered');
  }, 60_000);
});
