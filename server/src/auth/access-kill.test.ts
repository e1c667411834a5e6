import type {
  ApiKeyPage,
  AuditEntry,
  AuditPage,
  EventPage,
  NewApiKey,
  OneTimeLink,
  SessionShares,
  SetUpState,
  UserPage,
} from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { longOn } from '../testing/databases.js';
import { ProcessPair } from '../testing/process-pair.js';
import { PASSWORD, TestPerson } from '../testing/test-person.js';

/** What a server that dies was asked last, and what it answered. */
interface Asked {
  key: NewApiKey[];
  revoked: string[];
  shared: number;
  closed: number;
}

/** After how many answers of which kind it dies. */
const DEATHS = [
  { kind: 'key', count: 3 },
  { kind: 'password', count: 1 },
] as const;

const EMAIL = 'ada@example.org';

describe.each(longOn('sqlite'))('people and keys after SIGKILL on %s', (name) => {
  let pair: ProcessPair;
  let ada: TestPerson;

  beforeAll(async () => {
    pair = await ProcessPair.start(name, { RATE_LIMIT_PER_MINUTE: '0' });
  });
  afterAll(async () => {
    await pair.stop();
  });

  const open = (method: string, path: string, body?: unknown) =>
    pair.server.call(method, path, body, {});
  const statusOf = async (person: TestPerson) =>
    (await new TestPerson(pair.server, person.cookie).call('GET', '/api/me')).status;

  /** All that the audit log says, newest first. */
  async function audit(): Promise<AuditEntry[]> {
    const entries: AuditEntry[] = [];
    let before = '';
    for (;;) {
      const path = `/api/audit?limit=200${before}`;
      const { body } = await pair.server.call<AuditPage>('GET', path);
      entries.push(...body.entries);
      if (body.before === null) return entries;
      before = `&before=${body.before}`;
    }
  }
  const targets = (entries: AuditEntry[], action: string) =>
    entries.filter((entry) => entry.action === action).map(({ target }) => target);

  /** Kills the server as soon as somebody says so, and starts it again when all have ended. */
  async function killedIn(work: (die: () => void) => Promise<unknown>[]): Promise<void> {
    let die: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      die = resolve;
    });
    const working = Promise.allSettled(work(die));
    await asked;
    await pair.serverProcess.kill();
    await working;
    await pair.startServer();
  }

  it('the first admin is there with the audit entry, or not at all', async () => {
    const body = { email: EMAIL, name: 'Ada', password: PASSWORD, token: 'a-key-for-the-tests' };
    await killedIn((die) => [
      open('POST', '/api/setup', body),
      (async () => {
        let isNeeded = true;
        while (isNeeded) {
          const { body } = await pair.server.call<SetUpState>('GET', '/api/setup', undefined, {});
          isNeeded = body.needed;
        }
        die();
      })(),
    ]);
    const { users } = (await pair.server.call<UserPage>('GET', '/api/users')).body;
    expect(users.map(({ id }) => id)).toEqual(['owner']);
    expect(targets(await audit(), 'server.set_up')).toEqual(['owner']);
    expect((await open('POST', '/api/setup', body)).status).toBe(409);
    ada = await TestPerson.signIn(pair.server, EMAIL);
  });

  async function workKeys(asked: Asked, answered: (kind: 'key') => void): Promise<void> {
    const body = { name: 'k', actions: ['read'] };
    for (let n = 0; ; n += 1) {
      const made = await ada.call<NewApiKey>('POST', '/api/keys', body);
      asked.key.push(made.body);
      answered('key');
      if (n % 2) continue;
      await ada.call('DELETE', `/api/keys/${made.body.id}`);
      asked.revoked.push(made.body.id);
    }
  }

  async function workShares(asked: Asked): Promise<void> {
    for (let n = 0; ; n += 1) {
      const userIds = n % 2 ? [] : ['owner'];
      await ada.call('PUT', '/api/sessions/shared/shares', { everybody: n % 3 === 0, userIds });
      asked.shared += 1;
    }
  }

  async function workClosing(asked: Asked): Promise<void> {
    for (;;) {
      await ada.call('DELETE', '/api/sessions/closed');
      asked.closed += 1;
    }
  }

  async function expectKeysAsTold({ key, revoked }: Asked, entries: AuditEntry[]) {
    const { keys } = (await ada.call<ApiKeyPage>('GET', '/api/keys?limit=200')).body;
    const ids = keys.map(({ id }) => id).sort();
    expect(targets(entries, 'key.created').sort()).toEqual(ids);
    expect(ids).toEqual(expect.arrayContaining(key.map(({ id }) => id)));
    const ended = keys.filter(({ revokedAt }) => revokedAt !== null).map(({ id }) => id);
    expect(targets(entries, 'key.revoked').sort()).toEqual(ended.sort());
    expect(ended).toEqual(expect.arrayContaining(revoked));
    for (const { id, key: secret } of key.slice(-2)) {
      const headers = { 'x-api-key': secret };
      const { status } = await pair.server.call('GET', '/api/me', undefined, headers);
      expect([id, status]).toEqual([id, ended.includes(id) ? 401 : 200]);
    }
  }

  async function expectSharesAsTold({ shared }: Asked, entries: AuditEntry[]) {
    const told = entries.filter(({ action }) => action === 'session.shared');
    const path = '/api/sessions/shared/shares';
    const { body } = await ada.call<SessionShares>('GET', path);
    expect(told.length).toBeGreaterThanOrEqual(shared);
    if (told[0]) expect(body).toEqual(told[0].details);
  }

  async function expectClosingAsTold({ closed }: Asked, entries: AuditEntry[]) {
    let before = '';
    let events = 0;
    for (;;) {
      const path = `/api/sessions/closed/events?limit=200${before}`;
      const page = (await ada.call<EventPage>('GET', path)).body.events;
      events += page.filter((event) => event.name === 'session.closed').length;
      if (page.length < 200) break;
      before = `&before=${page[0]?.sequence}`;
    }
    expect(targets(entries, 'session.closed')).toHaveLength(events);
    expect(events).toBeGreaterThanOrEqual(closed);
  }

  it('what is done is there with its audit entry, or not at all, and nothing half', async () => {
    for (const id of ['shared', 'closed']) await ada.call('PUT', `/api/sessions/${id}`);
    let ben = await ada.invites('agent', 'ben@example.org');
    let password = PASSWORD;
    let changes = 0;
    const asked: Asked = { key: [], revoked: [], shared: 0, closed: 0 };
    for (const [round, death] of DEATHS.entries()) {
      ada = new TestPerson(pair.server, ada.cookie);
      ben = new TestPerson(pair.server, ben.cookie);
      const other = await TestPerson.signIn(pair.server, 'ben@example.org', password);
      const eve = await ada.invites('agent', `eve${round}@example.org`);
      const invited = await ada.call<OneTimeLink>('POST', '/api/invitations', { role: 'agent' });
      const { token } = invited.body;
      const email = `new${round}@example.org`;
      const next = `the password of round ${round}`;

      await killedIn((die) => {
        const counts = { key: 0, password: 0 };
        const answered = (kind: keyof typeof counts) => {
          counts[kind] += 1;
          if (kind === death.kind && counts[kind] === death.count) die();
        };
        return [
          workKeys(asked, answered),
          workShares(asked),
          workClosing(asked),
          open('POST', '/api/auth/links/use', { token, email, name: 'New', password }),
          ben
            .call('POST', '/api/auth/password', { current: password, next })
            .then(() => answered('password')),
          eve.call('POST', '/api/auth/sign-out-everywhere'),
        ];
      });

      ada = new TestPerson(pair.server, ada.cookie);
      const entries = await audit();
      await expectKeysAsTold(asked, entries);
      await expectSharesAsTold(asked, entries);
      await expectClosingAsTold(asked, entries);

      const { users } = (await ada.call<UserPage>('GET', '/api/users?limit=200')).body;
      const agents = users.filter(({ role }) => role === 'agent').map(({ id }) => id);
      expect(targets(entries, 'user.joined').sort()).toEqual(agents.sort());
      const hasJoined = users.some((user) => user.email === email);
      const look = await open('POST', '/api/auth/links/look', { token });
      expect(look.status).toBe(hasJoined ? 410 : 200);

      const isChanged = targets(entries, 'user.password_changed').length > changes;
      if (isChanged) {
        changes += 1;
        password = next;
      }
      expect(await statusOf(other)).toBe(isChanged ? 401 : 200);
      expect(await statusOf(ben)).toBe(200);
      await TestPerson.signIn(pair.server, 'ben@example.org', password);

      const eveId = users.find((user) => user.email === `eve${round}@example.org`)?.id ?? '';
      const isOut = targets(entries, 'user.signed_out_everywhere').includes(eveId);
      expect(await statusOf(eve)).toBe(isOut ? 401 : 200);
    }
    expect(asked.key.length).toBeGreaterThan(DEATHS.length);
  }, 90_000);
});
