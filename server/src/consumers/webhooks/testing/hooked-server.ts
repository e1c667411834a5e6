import type {
  CreateWebhook,
  DeliveryPage,
  LogEvent,
  WebhookDelivery,
  WebhookPage,
  WebhookWithSecret,
} from '@patchbay/contract';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { DatabaseName } from '../../../testing/databases.js';
import { eventually } from '../../../testing/eventually.js';
import { TestSandbox } from '../../../testing/test-sandbox.js';
import { TestServer } from '../../../testing/test-server.js';
import { WebhookReceiver } from './webhook-receiver.js';

/** A server with a linked number for the tests of a suite, and a receiver of webhooks for each of them. */
export function hookedServer(database: DatabaseName) {
  let sandbox: TestSandbox;
  let server: TestServer;
  let receiver: WebhookReceiver;
  let own: string;
  let other: string;
  let third: string;

  const create = async (body: Partial<CreateWebhook> = {}) => {
    const answer = await server.call<WebhookWithSecret>('POST', '/api/webhooks', {
      url: receiver.url,
      ...body,
    });
    expect([answer.status, answer.body]).toMatchObject([201, { url: receiver.url }]);
    receiver.secret = answer.body.secret;
    return answer.body;
  };
  const say = async (from: string, text: string) => {
    const id = await sandbox.write(from, { to: own, text });
    await server.message('main', id);
    return id;
  };
  const textsOf = (calls: { event: LogEvent }[]) =>
    calls.flatMap(({ event }) =>
      event.name === 'session.message' ? [event.data.message.content] : [],
    );
  const deliveries = async (id: string, query = '') =>
    (await server.call<DeliveryPage>('GET', `/api/webhooks/${id}/deliveries${query}`)).body;
  const settled = (id: string, fits: (all: WebhookDelivery[]) => boolean) =>
    eventually('the deliveries are as they should be', async () => {
      const { deliveries: all } = await deliveries(id);
      return fits(all) ? all : undefined;
    });

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    server = await TestServer.start(sandbox, {
      database,
      environment: { ALLOW_PRIVATE_TARGETS: '127.0.0.1' },
    });
    [own, other, third] = [await sandbox.phone(), await sandbox.phone(), await sandbox.phone()];
    await sandbox.write(other, { to: own, text: 'from before the link' });
    await server.linked(sandbox, 'main', own);
  });
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
  });
  beforeEach(async () => {
    receiver = await WebhookReceiver.start();
  });
  afterEach(async () => {
    const { body } = await server.call<WebhookPage>('GET', '/api/webhooks');
    for (const { id } of body.webhooks) await server.call('DELETE', `/api/webhooks/${id}`);
    await receiver.stop();
    expect(receiver.faults).toEqual([]);
  });

  return {
    create,
    say,
    textsOf,
    deliveries,
    settled,
    get sandbox() {
      return sandbox;
    },
    get server() {
      return server;
    },
    get receiver() {
      return receiver;
    },
    /** Another one, after the first was stopped. */
    set receiver(next) {
      receiver = next;
    },
    get own() {
      return own;
    },
    get other() {
      return other;
    },
    get third() {
      return third;
    },
  };
}
