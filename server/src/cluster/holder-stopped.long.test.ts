import type { SendAnswer, WebhookWithSecret } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebhookReceiver } from '../consumers/webhooks/testing/webhook-receiver.js';
import { databases } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { TestCluster } from '../testing/test-cluster.js';
import { TestSandbox } from '../testing/test-sandbox.js';

const LEASES = ['consumer:webhooks', 'jobs'];

describe.each(databases.filter((name) => name === 'postgres'))('leases on %s', (name) => {
  let sandbox: TestSandbox;
  let cluster: TestCluster;
  let receiver: WebhookReceiver;
  let own: string;
  let other: string;

  beforeAll(async () => {
    [sandbox, receiver] = await Promise.all([TestSandbox.start(), WebhookReceiver.start()]);
    const roles = { one: 'all', two: 'all', api: 'api' } as const;
    const environment = { ALLOW_PRIVATE_TARGETS: '127.0.0.1', LOG_LEVEL: 'info' };
    cluster = await TestCluster.start(sandbox, name, roles, environment);
    [own, other] = [await sandbox.phone('Own'), await sandbox.phone('Other')];
    await cluster.api('api').linked(sandbox, 'main', own);
    const { body } = await cluster.api('api').call<WebhookWithSecret>('POST', '/api/webhooks', {
      url: receiver.url,
      events: ['session.message'],
    });
    receiver.secret = body.secret;
  }, 120_000);
  afterAll(async () => {
    await cluster?.stop();
    await receiver?.stop();
    await sandbox?.stop();
  });

  const calledFor = (id: string) =>
    receiver.taken.filter(({ event }) =>
      event.name === 'session.message' ? event.data.message.id === id : false,
    ).length;
  const called = (id: string) =>
    eventually(`the call for ${id}`, () => calledFor(id) > 0 || undefined, 45_000);
  const write = (text: string) => sandbox.write(other, { to: own, text });

  it('whose holder stands still are taken over; when it wakes it does nothing twice', async () => {
    const written = [await write('before it stands still')];
    await called(written[0] as string);
    const holder = (await cluster.holderOf('consumer:webhooks')) ?? '';
    const standing = cluster.member(holder).process;
    const at = new Date(Date.now() + 3000).toISOString();
    const { body: scheduled } = await cluster
      .api('api')
      .call<SendAnswer>('POST', '/api/sessions/main/send/text', {
        ...{ chatId: other, text: 'due while it stands still', sendAt: at },
      });
    standing.signal('SIGSTOP');
    written.push(await write('while it stands still'));
    await called(written[1] as string);
    for (const lease of LEASES) expect(await cluster.holderOf(lease)).not.toBe(holder);
    standing.signal('SIGCONT');
    for (let n = 0; n < 5; n += 1) written.push(await write(`after it woke up ${n}`));
    for (const id of written) await called(id);
    await eventually('it finds out', () =>
      standing.printed.includes('could not say in time') ? true : undefined,
    );
    await cluster
      .api('api')
      .message('main', scheduled.messageId, ({ status }) => status === 'delivered');
    const arrived = (await sandbox.messagesOf(other)).filter(
      ({ text }) => text === 'due while it stands still',
    );
    expect(arrived.map(({ deliveries }) => deliveries)).toEqual([1]);
    // It takes part again: then whatever it had in hand has come to its end.
    await eventually('it joined again', () =>
      standing.printed.split('joined the cluster').length > 2 ? true : undefined,
    );
    expect(written.map(calledFor)).toEqual(written.map(() => 1));
    expect(receiver.faults).toEqual([]);
  }, 180_000);
});
