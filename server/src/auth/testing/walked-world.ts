import type { NewApiKey, Webhook } from '@patchbay/contract';
import { expect } from 'vitest';
import type { DatabaseName } from '../../testing/databases.js';
import { eventually } from '../../testing/eventually.js';
import type { ApiDocument, Endpoint } from '../../testing/fuzz/api-document.js';
import { formOf, goodRequest } from '../../testing/fuzz/requests.js';
import { TestPerson } from '../../testing/test-person.js';
import { TestSandbox } from '../../testing/test-sandbox.js';
import { TestServer } from '../../testing/test-server.js';

/** In the answer to whom it is not meant for, it is a leak. */
export const PLANTED = 'planted-4711';

interface Refusal {
  error?: { code: string };
}

/** An admin, an agent with something of every kind, and another agent with whom nothing is shared. */
export class WalkedWorld {
  readonly ada: TestPerson;
  document!: ApiDocument;
  ben!: TestPerson;
  eve!: TestPerson;
  /** The phone of somebody who wrote to Ben. */
  other = '';
  /** The message id of a picture that Ben sent. */
  picture = '';
  private known: Record<string, unknown[]> = {};

  private constructor(
    readonly sandbox: TestSandbox,
    readonly server: TestServer,
    ada: TestPerson,
  ) {
    this.ada = ada;
  }

  static async start(database: DatabaseName): Promise<WalkedWorld> {
    const sandbox = await TestSandbox.start();
    const environment = { ALLOW_PRIVATE_TARGETS: '127.0.0.1' };
    const server = await TestServer.start(sandbox, { database, environment });
    const world = new WalkedWorld(sandbox, server, await TestPerson.setUp(server));
    world.ben = await world.ada.invites('agent', 'ben@example.org');
    world.eve = await world.ada.invites('agent', 'eve@example.org');
    world.document = (await server.call<ApiDocument>('GET', '/api/openapi.json')).body;
    world.known = await world.everything();
    return world;
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await this.sandbox.stop();
  }

  /** The headers of a new key of somebody's. */
  async keyOf(person: TestPerson, actions: string[], sessions?: string[]) {
    const body = { name: 'walking', actions, ...(sessions && { sessions }) };
    const made = await person.call<NewApiKey>('POST', '/api/keys', body);
    expect(made.status).toBe(201);
    return { id: made.body.id, headers: { 'x-api-key': made.body.key } };
  }

  /** Something of Ben's of every kind. */
  private async everything(): Promise<Record<string, unknown[]>> {
    const own = await this.sandbox.phone('Ben');
    this.other = await this.sandbox.phone(`${PLANTED} customer`);
    await this.ben.call('PUT', '/api/sessions/bens');
    await this.server.linked(this.sandbox, 'bens', own);
    const messageId = await this.sandbox.write(this.other, { to: own, text: `${PLANTED} text` });
    const { chatId } = await this.server.message('bens', messageId);
    const [group, second, third] = await this.groupsOf(own);
    const route = await eventually('a route', async () => {
      const body = { sourceGroupId: group, targetGroupIds: [third] };
      const made = await this.ben.call<{ id: string }>('POST', '/api/routes', body);
      return made.status === 201 ? made : undefined;
    });
    await this.approved(String(group));
    const path = `/api/sessions/bens/chats/${encodeURIComponent(chatId)}`;
    const note = await this.ben.call<{ id: string }>('POST', `${path}/notes`, { text: PLANTED });
    const webhook = await this.ben.call<Webhook>('POST', '/api/webhooks', {
      url: `http://127.0.0.1:1/${PLANTED}`,
      enabled: false,
    });
    const key = await this.ben.call<NewApiKey>('POST', '/api/keys', {
      name: PLANTED,
      actions: ['read'],
    });
    const reply = await this.ben.call<{ id: string }>('POST', '/api/team/canned-replies', {
      shortcut: 'planted',
      text: PLANTED,
    });
    const label = await this.ada.call<{ id: string }>('POST', '/api/team/labels', {
      name: 'label',
      color: '#aa3344',
    });
    const logins = await this.ben.call<{ logins: { id: string }[] }>('GET', '/api/auth/logins');
    const invitation = await this.ada.call<{ id: string }>('POST', '/api/invitations', {
      role: 'agent',
    });
    const bytes =
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    this.picture = await this.sentPicture(chatId, Buffer.from(bytes, 'base64'));
    const chatbot = await this.ben.call<{ id: string }>('POST', '/api/chatbots', {
      sessionId: 'bens',
      name: PLANTED,
    });
    const template = await this.ben.call<{ id: string }>('POST', '/api/templates', {
      name: PLANTED,
      variants: [{ language: 'en', body: PLANTED }],
    });
    // Not begun for a year, so that it can be paused and cancelled.
    const bulk = await this.ben.call<{ id: string }>('POST', '/api/sessions/bens/bulk-sends', {
      name: PLANTED,
      text: PLANTED,
      rows: [{ phone: this.other }],
      sendAt: new Date(Date.now() + 300 * 24 * 3_600_000).toISOString(),
    });
    const ids = { template, bulk, chatbot, note, webhook, key, reply, label, invitation, route };
    for (const [what, { status, body }] of Object.entries(ids)) {
      expect([what, status, body]).toEqual([what, 201, expect.objectContaining({})]);
    }
    return {
      sessionId: ['bens'],
      chatId: [chatId],
      chat: [chatId],
      contactId: [chatId],
      contact: [chatId],
      messageId: [messageId],
      targetId: [messageId],
      quotedMessageId: [messageId],
      groupId: [group],
      sourceGroupId: [group],
      targetGroupIds: [second],
      routeId: [route.body.id],
      admins: [this.other],
      templateId: [template.body.id],
      bulkId: [bulk.body.id],
      defaultCountry: ['PE'],
      language: ['en'],
      values: [{}],
      chatbotId: [chatbot.body.id],
      conversationId: [await this.conversationOf(chatbot.body.id, own)],
      to: [this.other],
      baseUrl: ['http://127.0.0.1:1/v1'],
      webhookUrl: ['http://127.0.0.1:1/answer'],
      noteId: [note.body.id],
      keyId: [key.body.id],
      replyId: [reply.body.id],
      teamLabelId: [label.body.id],
      labelId: ['7'],
      color: [3],
      timeZone: ['America/Lima'],
      sendAt: [new Date(Date.now() + 3_600_000).toISOString()],
      expiresAt: [new Date(Date.now() + 7_200_000).toISOString()],
      code: ['AbCdEfGhIjKlMnOpQrStUv'],
      loginId: [logins.body.logins[0]?.id],
      invitationId: [invitation.body.id],
      userId: [await this.ben.userId()],
      userIds: [await this.ben.userId()],
      phone: [this.other],
      phones: [this.other],
      participants: [this.other],
      url: ['http://127.0.0.1:1/other'],
      webhook: [webhook.body.id],
    };
  }

  /** What somebody said to a chatbot of Ben's. */
  private async conversationOf(chatbotId: string, own: string): Promise<string> {
    await this.sandbox.write(this.other, { to: own, text: `${PLANTED} question` });
    return await eventually('a conversation', async () => {
      const path = `/api/chatbots/${chatbotId}/conversations`;
      const { body } = await this.ben.call<{ conversations: { id: string }[] }>('GET', path);
      return body.conversations[0]?.id;
    });
  }

  /** Groups of Ben's, the first of which knows something. */
  private async groupsOf(own: string): Promise<string[]> {
    const made = ['one', 'two', 'three'].map((subject) =>
      this.sandbox.call<{ id: string }>('POST', '/api/groups', {
        subject: `${PLANTED} group ${subject}`,
        participants: [own, this.other],
      }),
    );
    return (await Promise.all(made)).map(({ id }) => id);
  }

  /** Something that the search finds for those who may see it. */
  private async approved(group: string): Promise<void> {
    await this.ada.call('PUT', '/api/knowledge/admins', { admins: [this.other] });
    const id = await this.sandbox.write(this.other, { to: group, text: `${PLANTED} #planted` });
    await this.sandbox.write(this.other, { to: group, reaction: { messageId: id, emoji: '⭐' } });
    await eventually('it is found', async () => {
      const { body } = await this.ben.call<{ results: unknown[] }>(
        'GET',
        '/api/search?tag=planted',
      );
      return body.results.length > 0 || undefined;
    });
  }

  private async sentPicture(chatId: string, bytes: Buffer): Promise<string> {
    const form = new FormData();
    form.append('chatId', chatId);
    form.append('caption', PLANTED);
    form.append('file', new File([new Uint8Array(bytes)], 'p.png', { type: 'image/png' }));
    const answer = await fetch(`${this.server.url}/api/sessions/bens/send/media`, {
      method: 'POST',
      headers: this.ben.headers,
      body: form,
    });
    expect(answer.status).toBe(202);
    const { messageId } = (await answer.json()) as { messageId: string };
    await this.server.message('bens', messageId, ({ status }) => status === 'delivered');
    return messageId;
  }

  private hintsFor(path: string, field: string): unknown[] | undefined {
    if (field === 'id' && /chatbots/.test(path)) return this.known.chatbotId;
    if (field === 'id') return /webhooks/.test(path) ? this.known.webhook : ['bens'];
    if (field === 'messageId' && /\/(media|thumbnail)$/.test(path)) return [this.picture];
    if (!/team\/labels/.test(path)) return undefined;
    return { labelId: this.known.teamLabelId, color: ['#112233'] }[field];
  }

  /** Sends a request that fits, as whoever these headers are. */
  async ask(endpoint: Endpoint, headers: Record<string, string>, seed = 1) {
    const hints = (field: string) => this.hintsFor(endpoint.path, field) ?? this.known[field];
    const request = goodRequest(endpoint, this.document, hints, seed);
    const stop = new AbortController();
    const answer = await fetch(`${this.server.url}${request.path}`, {
      method: request.method,
      headers: { ...request.headers, ...headers },
      signal: stop.signal,
      ...(request.body !== undefined && { body: request.body }),
      ...(request.form && { body: formOf(request.form) }),
    });
    const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream');
    const text = isStream ? '' : await answer.text();
    if (isStream) stop.abort();
    const isJson = answer.headers.get('content-type')?.includes('json');
    const code = isJson ? (JSON.parse(text) as Refusal).error?.code : undefined;
    return { status: answer.status, code, text };
  }
}
