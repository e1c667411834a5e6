import type { LogEvent, SendContent } from '@patchbay/contract';
import type { DatabaseName } from './databases.js';
import { eventually } from './eventually.js';
import { API_KEY } from './test-api.js';
import { type SandboxMessage, TestSandbox } from './test-sandbox.js';
import { TestServer } from './test-server.js';

/** A message as a simulated phone shows it, with the fields of its kind. */
export type ShownMessage = SandboxMessage & Record<string, unknown> & { chat: string };

/** A server with one linked number, a person, another one, and a group of the three. */
export class KindsWorld {
  private constructor(
    readonly sandbox: TestSandbox,
    readonly server: TestServer,
    /** Phone numbers. */
    readonly own: string,
    readonly other: string,
    readonly third: string,
    /** Jid. */
    readonly group: string,
  ) {}

  static async start(
    database: DatabaseName,
    environment: Record<string, string> = {},
  ): Promise<KindsWorld> {
    const sandbox = await TestSandbox.start();
    const server = await TestServer.start(sandbox, { database, environment });
    const own = await sandbox.phone('Own number');
    const other = await sandbox.phone('Elena Rojas');
    const third = await sandbox.phone('Pablo');
    const { id } = await sandbox.call<{ id: string }>('POST', '/api/groups', {
      subject: 'Deliveries',
      participants: [own, other, third],
    });
    await server.linked(sandbox, 'main', own);
    return new KindsWorld(sandbox, server, own, other, third, id);
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await this.sandbox.stop();
  }

  /** Says something of any kind on a phone; resolves with its id. */
  say(phone: string, to: string, content: object): Promise<string> {
    return this.sandbox.write(phone, { to, content });
  }

  /** Sends through the API; resolves with the id. */
  async send(chatId: string, content: SendContent, more: object = {}): Promise<string> {
    const { status, body } = await this.ask(chatId, content, more);
    if (status !== 202) throw new Error(`send: ${status} ${JSON.stringify(body)}`);
    return body.messageId;
  }

  ask(chatId: string, content: object, more: object = {}) {
    return this.server.call<{ messageId: string; error?: { code: string } }>(
      'POST',
      '/api/sessions/main/send',
      { chatId, content, ...more },
    );
  }

  /** Sends a file through the API; resolves with the id. */
  async sendFile(
    chatId: string,
    route: 'media' | 'audio',
    { bytes, mimetype }: { bytes: Buffer; mimetype: string },
    fields: Record<string, string> = {},
  ): Promise<string> {
    const form = new FormData();
    for (const [name, value] of Object.entries({ chatId, ...fields })) form.set(name, value);
    const file = new Blob([new Uint8Array(bytes)], { type: mimetype });
    form.set(route === 'audio' ? 'audio' : 'file', file, 'file');
    const url = `${this.server.url}/api/sessions/main/send/${route}`;
    const headers = { 'x-api-key': API_KEY };
    const answer = await fetch(url, { method: 'POST', body: form, headers });
    const body = (await answer.json()) as { messageId: string };
    if (answer.status !== 202) throw new Error(`send: ${answer.status} ${JSON.stringify(body)}`);
    return body.messageId;
  }

  /** The message on a phone when it is there and fits. */
  async onPhone(
    phone: string,
    id: string,
    fits: (message: ShownMessage) => boolean = () => true,
  ): Promise<ShownMessage> {
    return await eventually(`message ${id} on ${phone}`, async () => {
      const messages = (await this.sandbox.messagesOf(phone)) as ShownMessage[];
      return messages.find((message) => message.id === id && fits(message));
    });
  }

  private readonly known: LogEvent[] = [];

  /** All events so far. */
  async events(): Promise<LogEvent[]> {
    for (;;) {
      const after = this.known.at(-1)?.position ?? 0;
      const path = `/api/events?limit=500&after=${after}`;
      const { body } = await this.server.call<{ events: LogEvent[] }>('GET', path);
      if (body.events.length === 0) return this.known;
      this.known.push(...body.events.filter(({ position }) => position > after));
    }
  }

  /** The events that tell of a message as such, not of its ticks. */
  async eventsAbout(id: string) {
    return (await this.events()).filter(
      (event) => event.name === 'session.message' && event.data.message.id === id,
    );
  }

  /** The event of an action, by the action's own id, when it is there. */
  async eventOfAction(actionId: string): Promise<LogEvent> {
    return await eventually(`the event of ${actionId}`, async () =>
      (await this.events()).find(
        (event) => 'actionId' in event.data && event.data.actionId === actionId,
      ),
    );
  }

  async lidOf(phone: string): Promise<string> {
    const path = `/api/phones/${phone}`;
    return (await this.sandbox.call<{ lid: string }>('GET', path)).lid;
  }
}
