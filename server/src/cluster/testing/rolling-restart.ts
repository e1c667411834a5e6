import { createClient, type Event, type Retry } from '@patchbay/client';
import type { WebhookWithSecret } from '@patchbay/contract';
import { WebSocket } from 'ws';
import { WebhookReceiver } from '../../consumers/webhooks/testing/webhook-receiver.js';
import type { DatabaseName } from '../../testing/databases.js';
import { eventually } from '../../testing/eventually.js';
import { API_KEY } from '../../testing/test-api.js';
import { TestBalancer } from '../../testing/test-balancer.js';
import { TestCluster } from '../../testing/test-cluster.js';
import { TestSandbox } from '../../testing/test-sandbox.js';

/** Every process in the order in which an upgrade replaces them. */
const ROLES = { w1: 'worker', w2: 'worker', a1: 'api', a2: 'api' } as const;

/** Between two steps of a program (ms): what is restarted here is busy, not overloaded. */
const PAUSE = 300;

type Names = keyof typeof ROLES;

/** Two workers and two API processes behind one address, and programs that use them without a pause. */
export class RollingRestart {
  readonly retries: Retry[] = [];
  /** What a program could not do, by what it was. */
  readonly failures: string[] = [];
  requests = 0;
  /** How often the WebSocket was made. */
  connections = 0;
  /** Events that the WebSocket told. */
  readonly heard: Event[] = [];
  readonly sent: string[] = [];
  readonly written: string[] = [];
  private readonly ended = new AbortController();
  private readonly running: Promise<void>[] = [];
  private friend = '';
  private readonly phones = new Map<string, string>();

  private constructor(
    readonly sandbox: TestSandbox,
    readonly cluster: TestCluster,
    readonly receiver: WebhookReceiver,
    private readonly balancer: TestBalancer,
  ) {}

  static async start(name: DatabaseName, sessions: number): Promise<RollingRestart> {
    const [sandbox, receiver] = await Promise.all([TestSandbox.start(), WebhookReceiver.start()]);
    const cluster = await TestCluster.start(sandbox, name, ROLES, {
      ALLOW_PRIVATE_TARGETS: '127.0.0.1',
      LOG_LEVEL: 'info',
    });
    const apis = () =>
      [...cluster.members.values()].flatMap(({ role, api }) => (role === 'api' ? [api.url] : []));
    const made = new RollingRestart(sandbox, cluster, receiver, await TestBalancer.start(apis));
    await made.link(sessions);
    return made;
  }

  /** Restarts one process after another, as soon as the one before is ready. */
  async restartAll(): Promise<void> {
    for (const name of Object.keys(ROLES) as Names[]) {
      const before = this.requests;
      const code = await this.cluster.restart(name);
      if (code !== 0) this.failures.push(`${name} ended with ${code}`);
      await eventually(`${name} is ready and is asked things`, async () => {
        const { status } = await this.cluster.api(name).call('GET', '/api/health/ready');
        return status === 200 && this.requests > before + 30 ? true : undefined;
      });
    }
  }

  /** Starts the traffic: per session a program that sends, one that asks the phone, one that reads. */
  async begin(): Promise<void> {
    const client = this.client();
    const { events } = await client.events.page({ limit: 500 });
    const after = events.at(-1)?.position ?? 0;
    const url = this.receiver.url;
    const { body } = await this.cluster
      .api('a1')
      .call<WebhookWithSecret>('POST', '/api/webhooks', { url, events: ['session.message'] });
    this.receiver.secret = body.secret;
    this.running.push(this.listen(after));
    await eventually('the WebSocket is open', () => this.connections > 0 || undefined);
    for (const [id, phone] of this.phones) {
      this.repeat(`send of ${id}`, async () => {
        const said = { chatId: this.friend, text: `out of ${id} ${this.sent.length}` };
        const key = crypto.randomUUID();
        const { messageId } = await client.send.text(id, said, {}, { idempotencyKey: key });
        this.sent.push(messageId);
      });
      this.repeat(`check of ${id}`, async () => {
        const { results } = await client.contacts.check(id, { phones: [this.friend] });
        if (results[0]?.exists !== true) throw new Error('the friend is not there');
      });
      this.repeat(`reads of ${id}`, async () => {
        await client.sessions.get(id);
        await client.chats.recent(id, { limit: 5 });
      });
      this.repeat(`writes to ${id}`, async () => {
        const text = `into ${id} ${this.written.length}`;
        this.written.push(await this.sandbox.write(this.friend, { to: phone, text }));
      });
    }
  }

  /** Ends the traffic, and resolves when all that was begun has arrived everywhere. */
  async end(): Promise<void> {
    this.ended.abort();
    const [listening, ...others] = this.running;
    await Promise.all(others);
    await eventually(
      'everything has arrived',
      async () => {
        const arrived = new Set((await this.sandbox.messagesOf(this.friend)).map(({ id }) => id));
        const told = new Set(this.heardMessages());
        const called = new Set(this.calledMessages());
        return (
          (this.sent.every((id) => arrived.has(id)) &&
            [...this.sent, ...this.written].every((id) => told.has(id)) &&
            this.written.every((id) => called.has(id))) ||
          undefined
        );
      },
      60_000,
    );
    this.listening.abort();
    await listening;
  }

  /** Ids of the messages that the WebSocket told. */
  heardMessages(): string[] {
    return this.heard.flatMap((event) =>
      event.name === 'session.message' ? [event.data.message.id] : [],
    );
  }

  /** Ids of the messages that the webhook told, as often as it did. */
  calledMessages(): string[] {
    return this.receiver.taken.flatMap(({ event }) =>
      event.name === 'session.message' ? [event.data.message.id] : [],
    );
  }

  /** Everything that the log has in the positions that the WebSocket has told. */
  async log(): Promise<Event[]> {
    const client = this.client();
    const found: Event[] = [];
    let after = (this.heard[0]?.position ?? 1) - 1;
    for (;;) {
      const { events } = await client.events.page({ after, limit: 500 });
      if (events.length === 0) return found;
      found.push(...(events as Event[]));
      after = events.at(-1)?.position ?? after;
    }
  }

  /** Messages of ours as the friend's phone has them. */
  async arrived(): Promise<{ id: string; deliveries: number }[]> {
    return (await this.sandbox.messagesOf(this.friend)).filter(({ id }) => this.sent.includes(id));
  }

  async stop(): Promise<void> {
    this.ended.abort();
    this.listening.abort();
    await Promise.allSettled(this.running);
    this.balancer.stop();
    await this.cluster.stop();
    await this.receiver.stop();
    await this.sandbox.stop();
  }

  private readonly listening = new AbortController();

  private client() {
    return createClient({
      url: this.balancer.url,
      apiKey: API_KEY,
      onRetry: (retry) => this.retries.push(retry),
    });
  }

  private async link(sessions: number): Promise<void> {
    this.friend = await this.sandbox.phone('Friend');
    for (let n = 1; n <= sessions; n += 1) {
      this.phones.set(`s${n}`, await this.sandbox.phone(`Own ${n}`));
    }
    for (const [id, phone] of this.phones) {
      await this.cluster.api('a1').linked(this.sandbox, id, phone);
    }
    await eventually('both workers have sessions', async () => {
      const owners = await Promise.all(
        [...this.phones.keys()].map((id) => this.cluster.ownerOf(id)),
      );
      return new Set(owners).size === 2 || undefined;
    });
  }

  private async listen(after: number): Promise<void> {
    const events = this.client().listen({
      ...{ after, transport: 'websocket', WebSocket, signal: this.listening.signal },
      onConnection: (state) => {
        if (state === 'open') this.connections += 1;
      },
    });
    for await (const event of events) this.heard.push(event);
  }

  /** Does something again and again, until the end. */
  private repeat(what: string, step: () => Promise<void>): void {
    const run = async () => {
      while (!this.ended.signal.aborted) {
        this.requests += 1;
        await step().catch((error) => {
          const { code = '', status = '', requestId = '' } = error as Record<string, string>;
          this.failures.push(`${what}: ${status} ${code} ${error} ${requestId}`);
        });
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
      }
    };
    this.running.push(run());
  }
}
