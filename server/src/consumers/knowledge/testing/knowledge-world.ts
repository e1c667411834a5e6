import type { Forward, ForwardList, KnowledgeHits, Route } from '@patchbay/contract';
import { eventually } from '../../../testing/eventually.js';
import type { TestApi } from '../../../testing/test-api.js';
import type { TestSandbox } from '../../../testing/test-sandbox.js';

export interface ShownOnPhone {
  id: string;
  chat: string;
  text: string;
  from: string;
  deliveries: number;
  kind: string;
}

/** Two accounts of ours, somebody whose star counts, and groups of theirs, in a sandbox. */
export class KnowledgeWorld {
  private constructor(
    readonly sandbox: TestSandbox,
    /** Phone numbers: the account `desk`, the account `press`, the admin, somebody else. */
    readonly desk: string,
    readonly press: string,
    readonly admin: string,
    readonly member: string,
    /** Jids: all are in `source`, `press` is in `other` only with the admin. */
    readonly source: string,
    readonly target: string,
    readonly second: string,
    readonly other: string,
  ) {}

  static async create(sandbox: TestSandbox): Promise<KnowledgeWorld> {
    const desk = await sandbox.phone('Desk');
    const press = await sandbox.phone('Press');
    const admin = await sandbox.phone('Ada Admin');
    const member = await sandbox.phone('Max Member');
    const group = async (subject: string, participants: string[]) =>
      (await sandbox.call<{ id: string }>('POST', '/api/groups', { subject, participants })).id;
    return new KnowledgeWorld(
      sandbox,
      ...[desk, press, admin, member],
      await group('Source', [admin, member, desk]),
      await group('Target', [admin, desk]),
      await group('Second target', [member, desk]),
      await group('Other', [admin, press]),
    );
  }

  /** A phone says something in the source, or in another group; resolves with the id. */
  say(phone: string, text: string, to = this.source): Promise<string> {
    return this.sandbox.write(phone, { to, text });
  }

  /** Reacts on a phone; no emoji takes the reaction back. */
  react(phone: string, messageId: string, emoji: string, to = this.source): Promise<string> {
    return this.sandbox.write(phone, { to, reaction: { messageId, emoji } });
  }

  /** What a phone shows in a group, oldest first. */
  async shown(phone: string, group: string): Promise<ShownOnPhone[]> {
    const messages = (await this.sandbox.messagesOf(phone)) as unknown as ShownOnPhone[];
    return messages.filter(({ chat }) => chat === group);
  }

  /** Waits until a group shows a text, and resolves with how often. */
  async arrived(phone: string, group: string, text: string): Promise<number> {
    return await eventually(`${text} on ${phone} in ${group}`, async () => {
      const found = (await this.shown(phone, group)).filter((one) => one.text === text);
      return found.length > 0 ? found.length : undefined;
    });
  }
}

export async function setAdmins(server: TestApi, admins: string[]): Promise<void> {
  const { status, body } = await server.call('PUT', '/api/knowledge/admins', { admins });
  if (status !== 200) throw new Error(`admins: ${status} ${JSON.stringify(body)}`);
}

/** Waits until the account knows the groups. */
export async function knowsGroups(server: TestApi, id: string, groups: string[]): Promise<void> {
  await eventually(`groups of ${id}`, async () => {
    const { body } = await server.call<{ groups: { id: string }[] }>(
      'GET',
      `/api/groups?sessionId=${id}&limit=200`,
    );
    return groups.every((jid) => body.groups.some((one) => one.id === jid)) || undefined;
  });
}

export async function makeRoute(
  server: TestApi,
  sourceGroupId: string,
  targetGroupIds: string[],
  sessionId?: string,
): Promise<Route> {
  const asked = { sourceGroupId, targetGroupIds, ...(sessionId && { sessionId }) };
  const { status, body } = await server.call<Route>('POST', '/api/routes', asked);
  if (status !== 201) throw new Error(`route: ${status} ${JSON.stringify(body)}`);
  return body;
}

/** What a search finds, by text. */
export async function search(server: TestApi, query: string): Promise<string[]> {
  const { status, body } = await server.call<KnowledgeHits>('GET', `/api/search?${query}`);
  if (status !== 200) throw new Error(`search: ${status} ${JSON.stringify(body)}`);
  return body.results.map(({ item }) => item.text);
}

/** Waits until a search finds exactly this. */
export async function finds(
  server: TestApi,
  query: string,
  texts: string[],
  within?: number,
): Promise<void> {
  let last: string[] = [];
  const ask = async () => {
    last = await search(server, query);
    return JSON.stringify(last) === JSON.stringify(texts) || undefined;
  };
  await eventually(`search ${query} finds ${texts}`, ask, within).catch((error) => {
    throw new Error(`${error.message}; it found: ${last}`);
  });
}

/** All forwards, oldest first. */
export async function forwardsOf(server: TestApi): Promise<Forward[]> {
  const all: Forward[] = [];
  for (let before = ''; ; ) {
    const { body } = await server.call<ForwardList>('GET', `/api/forwards?limit=200${before}`);
    all.push(...body.forwards);
    if (!body.before) return all.reverse();
    before = `&before=${body.before}`;
  }
}
