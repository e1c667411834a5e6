import fc from 'fast-check';
import { ModelEndpoint } from '../../consumers/chatbots/testing/model-endpoint.js';
import { eventually } from '../eventually.js';
import { PASSWORD, TestPerson } from '../test-person.js';
import type { TestSandbox } from '../test-sandbox.js';
import type { TestServer } from '../test-server.js';
import type { ApiDocument, Endpoint } from './api-document.js';
import type { Hints } from './arbitrary.js';
import { Arbitraries } from './arbitrary.js';
import { bodyOf, formOf } from './requests.js';

/** Things that exist on a server: a linked session with messages, a group, another session, a webhook. */
export interface Examples {
  /** Values for the fields of an endpoint. What ends a session is given one that nobody needs. */
  hintsFor(endpoint: Endpoint): Hints;
  /** Arguments of the client's method (path parameters, body, query), others for each seed. */
  argumentsFor(endpoint: Endpoint, document: ApiDocument, seed: number): unknown[];
}

const HOUR = 3_600_000;

/** An admin, an agent, and what they made. */
async function peopleOf(server: TestServer): Promise<Record<string, unknown[]>> {
  const admin = await TestPerson.setUp(server);
  const agent = await admin.invites('agent', 'agent@example.org');
  const agentId = await agent.userId();
  const key = await admin.call<{ id: string }>('POST', '/api/keys', {
    name: 'example',
    actions: ['read'],
  });
  const invitation = await admin.call<{ id: string; token: string }>('POST', '/api/invitations', {
    role: 'agent',
  });
  return {
    userId: [agentId],
    userIds: [agentId],
    keyId: [key.body.id],
    invitationId: [invitation.body.id],
    token: [invitation.body.token],
    email: ['somebody@example.org'],
    password: [PASSWORD],
    current: [PASSWORD],
    next: [PASSWORD],
    sessions: [['main']],
  };
}

/** What a team keeps, and whom it may be given to. */
async function teamOf(server: TestServer, chatId: string): Promise<Record<string, unknown[]>> {
  const create = async (path: string, body: object) =>
    (await server.call<{ id: string }>('POST', path, body)).body.id;
  const label = await create('/api/team/labels', { name: 'Example', color: '#123456' });
  const reply = await create('/api/team/canned-replies', { shortcut: 'hi', text: 'Hello' });
  const notes = `/api/sessions/main/chats/${encodeURIComponent(chatId)}/notes`;
  return {
    teamLabelId: [label],
    addLabels: [[label]],
    removeLabels: [[label]],
    replyId: [reply],
    noteId: [await create(notes, { text: 'A note' })],
    assigneeId: ['owner', null],
    account: ['main', 'main,spare'],
    label: [label],
    assignee: ['owner'],
  };
}

/** Groups that the account is in, and a route between two of them. */
async function routesOf(
  server: TestServer,
  sandbox: TestSandbox,
  participants: string[],
): Promise<Record<string, unknown[]>> {
  const [source, target, third] = await Promise.all(
    ['A group', 'Another', 'A third'].map(async (subject) => {
      const made = { subject, participants };
      return (await sandbox.call<{ id: string }>('POST', '/api/groups', made)).id;
    }),
  );
  const route = await eventually('a route', async () => {
    const body = { sourceGroupId: source, targetGroupIds: [third] };
    const made = await server.call<{ id: string }>('POST', '/api/routes', body);
    return made.status === 201 ? made.body.id : undefined;
  });
  return {
    groupId: [source],
    group: [source],
    sourceGroupId: [source],
    targetGroupIds: [target],
    routeId: [route],
    admins: [participants[1]],
    tag: ['example'],
    sender: [participants[1]],
  };
}

/** A chatbot with a conversation, and somebody who answers for it. */
async function chatbotOf(
  server: TestServer,
  sandbox: TestSandbox,
  sessionId: string,
  [own, other]: [string, string],
): Promise<Record<string, unknown[]>> {
  const model = await ModelEndpoint.start();
  model.unref();
  const { body: chatbot } = await server.call<{ id: string }>('POST', '/api/chatbots', {
    sessionId,
    name: 'Example',
    responder: 'ai',
    ai: { baseUrl: model.baseUrl, model: 'm' },
  });
  await sandbox.write(other, { to: own, text: 'hello, chatbot' });
  const conversation = await eventually('a conversation', async () => {
    const path = `/api/chatbots/${chatbot.id}/conversations`;
    const { body } = await server.call<{ conversations: { id: string }[] }>('GET', path);
    return body.conversations[0]?.id;
  });
  return {
    chatbotId: [chatbot.id],
    conversationId: [conversation],
    baseUrl: [model.baseUrl],
    webhookUrl: ['http://127.0.0.1:1/answer'],
    to: [other],
  };
}

/** A template, and a bulk send that does not begin by itself. */
async function bulkOf(server: TestServer, phone: string): Promise<Record<string, unknown[]>> {
  const create = async (path: string, body: object) =>
    (await server.call<{ id: string }>('POST', path, body)).body.id;
  const template = await create('/api/templates', {
    name: 'Example',
    variants: [{ language: 'en', body: 'Hello {{name}}' }],
  });
  const bulk = await create('/api/sessions/main/bulk-sends', {
    name: 'Example',
    templateId: template,
    rows: [{ phone, values: { name: 'Somebody' } }],
    sendAt: new Date(Date.now() + 1000 * HOUR).toISOString(),
  });
  return {
    templateId: [template],
    bulkId: [bulk],
    language: ['en'],
    defaultCountry: ['PE'],
    values: [{ name: 'Somebody' }, {}],
  };
}

export async function examplesFor(server: TestServer, sandbox: TestSandbox): Promise<Examples> {
  const [own, other, spare] = [
    await sandbox.phone('Own'),
    await sandbox.phone('Other'),
    await sandbox.phone('Spare'),
  ];
  // The oldest is the one that the notification API closes and opens.
  await server.call('PUT', '/api/sessions/notified');
  await server.linked(sandbox, 'main', own);
  const got = await sandbox.write(other, { to: own, text: 'hello' });
  const { chatId } = await server.message('main', got);
  const sent = await server.send('main', other, 'back');
  await server.message('main', sent, ({ status }) => status === 'delivered');
  const webhook = await server.call<{ id: string }>('POST', '/api/webhooks', {
    url: 'http://127.0.0.1:1/hook',
    enabled: false,
  });
  const people = await peopleOf(server);
  const common: Record<string, unknown[]> = {
    ...people,
    ...(await teamOf(server, chatId)),
    ...(await routesOf(server, sandbox, [own, other])),
    ...(await chatbotOf(server, sandbox, 'main', [own, other])),
    ...(await bulkOf(server, other)),
    sessionId: ['main', 'spare'],
    chatId: [chatId, other],
    messageId: [got, sent],
    targetId: [got, sent],
    quotedMessageId: [got, sent],
    phone: [other, spare],
    participants: [other],
    code: ['AbCdEfGhIjKlMnOpQrStUv'],
    url: ['http://127.0.0.1:1/other'],
    apiKey: ['a-key-for-the-tests'],
    timeout: [1],
    timeZone: ['America/Lima'],
    sendAt: [new Date(Date.now() + HOUR).toISOString()],
    expiresAt: [new Date(Date.now() + 2 * HOUR).toISOString()],
    engine: ['baileys'],
    provider: ['baileys'],
    // With a proxy that is not there nothing connects, and with filters nothing arrives.
    proxy: [null],
  };
  const hintsFor = ({ method, path }: Endpoint): Hints => {
    const ends = method === 'DELETE' || /restart|pairing/.test(path);
    const session = ends ? ['spare'] : ['main', 'main', 'spare'];
    const things: Record<string, unknown[] | undefined> = {
      webhooks: [webhook.body.id],
      chatbots: common.chatbotId,
    };
    const id = things[path.split('/')[2] ?? ''] ?? session;
    const isTeams = path.startsWith('/api/team/');
    return (field) => {
      if (field === 'id') return id;
      if (field === 'sessionId' && path.endsWith('/disconnect')) return ['spare'];
      return common[isTeams && field === 'labelId' ? 'teamLabelId' : field];
    };
  };
  return {
    hintsFor,
    argumentsFor: (endpoint, document, seed) => {
      const hints = hintsFor(endpoint);
      const firsts: Hints = (field) => hints(field)?.slice(0, 1);
      const arbitraries = new Arbitraries(document, firsts, { onlyHints: true });
      const { parameters = [] } = endpoint.operation;
      const sample = (schema: Parameters<Arbitraries['of']>[0], name: string) =>
        fc.sample(arbitraries.of(schema, name), { numRuns: 1, seed })[0];
      const needed = (place: string) =>
        parameters.filter((each) => each.in === place && (place === 'path' || each.required));
      const body = bodyOf(endpoint);
      const value = body && sample(body.schema, '');
      const isForm = body?.type.startsWith('multipart/');
      const query = needed('query').map((each) => [each.name, sample(each.schema, each.name)]);
      return [
        ...needed('path').map((each) => sample(each.schema, each.name)),
        ...(body ? [isForm ? formOf(value as Record<string, unknown>) : value] : []),
        ...(parameters.some((each) => each.in === 'query') ? [Object.fromEntries(query)] : []),
      ];
    },
  };
}
