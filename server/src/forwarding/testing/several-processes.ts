import type {
  CheckedNumbers,
  DeliveryPage,
  NewApiKey,
  PassingEvent,
  SendAnswer,
  WebhookWithSecret,
} from '@patchbay/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebhookReceiver } from '../../consumers/webhooks/testing/webhook-receiver.js';
import type { DatabaseName } from '../../testing/databases.js';
import { eventually } from '../../testing/eventually.js';
import { TestCluster } from '../../testing/test-cluster.js';
import type { TestRedis } from '../../testing/test-redis.js';
import { TestSandbox } from '../../testing/test-sandbox.js';
import { TestSocket } from '../../testing/test-socket.js';

const ID = 'shared';

/**
 * One process for requests and two for sessions; what is asked of the first, the others do.
 * @param redis one that they all use
 */
export function severalProcesses(name: DatabaseName, redis?: () => Promise<TestRedis>): void {
  let queue: TestRedis | undefined;
  let sandbox: TestSandbox;
  let cluster: TestCluster;
  let receiver: WebhookReceiver;
  let own: string;
  let other: string;
  const asking = () => cluster.api('api');

  beforeAll(async () => {
    [sandbox, receiver] = await Promise.all([TestSandbox.start(), WebhookReceiver.start()]);
    queue = await redis?.();
    const roles = { api: 'api', one: 'worker', two: 'worker' } as const;
    cluster = await TestCluster.start(sandbox, name, roles, {
      ALLOW_PRIVATE_TARGETS: '127.0.0.1',
      ...(queue && { REDIS_URL: queue.url }),
    });
    own = await sandbox.phone('Own');
    other = await sandbox.phone('Other');
    // Its QR is shown by a process that does not have the session.
    await asking().linked(sandbox, ID, own);
  });
  afterAll(async () => {
    await cluster?.stop();
    await receiver?.stop();
    await sandbox?.stop();
    await queue?.stop();
  });

  it('a session runs in a process for sessions, and any process tells how it is', async () => {
    expect(await cluster.ownerOf(ID)).toMatch(/^(one|two)$/);
    for (const member of cluster.members.values()) {
      const { body } = await member.api.call('GET', `/api/sessions/${ID}/status`);
      expect(body).toMatchObject({ status: 'connected', socketActive: true });
    }
  });

  it('each process tells its own figures, and which process it is', async () => {
    const owner = await cluster.ownerOf(ID);
    const told = new Set<string | undefined>();
    for (const [member, { api, role }] of cluster.members) {
      const { body } = await api.call<string>('GET', '/api/metrics');
      const info = /^patchbay_worker_info\{worker="([0-9a-f-]{36})",role="(\w+)"\} 1$/m.exec(body);
      told.add(info?.[1]);
      const sessions = /^patchbay_worker_sessions (\d+)$/m.exec(body)?.[1];
      expect([member, info?.[2], sessions]).toEqual([member, role, member === owner ? '1' : '0']);
    }
    expect(told.size).toBe(cluster.members.size);
  });

  it('what needs its connection is asked through any process', async () => {
    for (const member of cluster.members.values()) {
      const { status, body } = await member.api.call<CheckedNumbers>(
        'POST',
        `/api/sessions/${ID}/contacts/check`,
        { phones: [other, '4915100000000'] },
      );
      expect([status, body.results?.map(({ exists }) => exists)]).toEqual([200, [true, false]]);
    }
    const unknown = await asking().call('POST', `/api/sessions/${ID}/chats/nobody@x/typing`, {});
    expect(unknown.status).toBe(400);
  });

  it('a message is sent by its owner, and whoever accepted it hears when it has left', async () => {
    const { status, body } = await asking().call<SendAnswer>(
      'POST',
      `/api/sessions/${ID}/send/text?wait=delivered&timeout=20`,
      { chatId: other, text: 'through the other process' },
    );
    expect([status, body.status]).toEqual([200, 'delivered']);
    const messages = await sandbox.messagesOf(other);
    expect(messages.filter(({ id }) => id === body.messageId)).toHaveLength(1);
  });

  it('a WebSocket of any process tells what happens in a session, and what passes', async () => {
    const { url } = asking();
    const socket = await TestSocket.open(url, '?format=events');
    await socket.subscribe({ sessionId: ID });
    const id = await sandbox.write(other, { to: own, text: 'heard elsewhere' });
    await socket.frame('the message', ({ event }) =>
      event?.name === 'session.message' ? event.data.message.id === id : false,
    );
    await sandbox.call('POST', `/api/phones/${other}/typing`, { to: own, state: 'composing' });
    await socket.frame('typing', ({ event }) => (event?.name as string) === 'typing');
    socket.socket.close();
  });

  it('who of the team has a chat open is told in every process, until they leave', async () => {
    const chatId = `${other}@s.whatsapp.net`;
    const [watching, looking] = await Promise.all(
      [asking(), cluster.api('two')].map(({ url }) => TestSocket.open(url, '?format=events')),
    );
    if (!watching || !looking) throw new Error('not open');
    await watching.subscribe();
    const told = () =>
      watching.frames.flatMap(({ event }) => {
        const passing = event as PassingEvent | undefined;
        return passing?.name === 'chat.viewers' ? [passing.data.viewers.length] : [];
      });
    looking.say({ type: 'viewing', sessionId: ID, chatId });
    await eventually('one looks', () => told().at(-1) === 1 || undefined);
    looking.socket.close();
    await eventually('nobody looks', () => told().at(-1) === 0 || undefined);
    watching.socket.close();
  });

  it('a key that was revoked in one process lets nobody into another', async () => {
    const { body } = await asking().call<NewApiKey>('POST', '/api/keys', {
      name: 'short-lived',
      actions: ['read'],
    });
    const headers = { 'x-api-key': body.key };
    const asks = async () =>
      (await cluster.api('two').call('GET', '/api/sessions', undefined, headers)).status;
    expect(await asks()).toBe(200);
    await asking().call('DELETE', `/api/keys/${body.id}`);
    await eventually('it is refused', async () => (await asks()) === 401 || undefined, 3000);
  });

  it('when the process dies that does it all, another goes on: each webhook once, what was scheduled once', async () => {
    const { body: hook } = await asking().call<WebhookWithSecret>('POST', '/api/webhooks', {
      url: receiver.url,
      events: ['session.message'],
    });
    receiver.secret = hook.secret;
    const at = new Date(Date.now() + 4000).toISOString();
    const { body: scheduled } = await asking().call<SendAnswer>(
      'POST',
      `/api/sessions/${ID}/send/text`,
      { chatId: other, text: 'at its time', sendAt: at },
    );
    const before = await sandbox.write(other, { to: own, text: 'before' });
    const taken = (id: string) =>
      receiver.taken.filter(({ event }) =>
        event.name === 'session.message' ? event.data.message.id === id : false,
      );
    await eventually('the first call', () => taken(before).length > 0 || undefined);
    const holder = await cluster.holderOf('consumer:webhooks');
    const owner = await cluster.ownerOf(ID);
    // Both at once, where they are one: else the one that reads the log.
    const during = await sandbox.write(other, { to: own, text: 'during' });
    await cluster.kill(holder ?? '');
    const after = await sandbox.write(other, { to: own, text: 'after' });
    for (const id of [during, after]) {
      await eventually(`the call for ${id}`, () => taken(id).length > 0 || undefined);
    }
    expect(await cluster.holderOf('consumer:webhooks')).not.toBe(holder);
    if (owner !== holder) expect(await cluster.ownerOf(ID)).toBe(owner);
    const { body } = await asking().call<DeliveryPage>(
      'GET',
      `/api/webhooks/${hook.id}/deliveries?limit=200`,
    );
    const events = body.deliveries.map(({ eventId }) => eventId);
    expect(new Set(events).size).toBe(events.length);
    expect(receiver.faults).toEqual([]);
    await asking().message(ID, scheduled.messageId, ({ status }) => status === 'delivered');
    const arrived = (await sandbox.messagesOf(other)).filter(({ text }) => text === 'at its time');
    expect(arrived.map(({ deliveries }) => deliveries)).toEqual([1]);
  });
}
