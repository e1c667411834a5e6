import type { OneTimeLink } from '@patchbay/contract';
import { plant } from './captured-logs.js';
import type { Answer, TestApi } from './test-api.js';
import { API_KEY } from './test-api.js';

export const PASSWORD = 'a good long password';

/** Somebody in a browser of a server under test. */
export class TestPerson {
  constructor(
    private readonly server: TestApi,
    readonly cookie: string,
  ) {}

  get headers(): Record<string, string> {
    return { cookie: this.cookie, 'sec-fetch-site': 'same-origin' };
  }

  async call<Body = unknown>(method: string, path: string, body?: unknown): Promise<Answer<Body>> {
    return await this.server.call<Body>(method, path, body, this.headers);
  }

  async userId(): Promise<string> {
    return (await this.call<{ userId: string }>('GET', '/api/me')).body.userId;
  }

  /** The first admin. */
  static async setUp(server: TestApi, email = 'ada@example.org'): Promise<TestPerson> {
    const body = { token: API_KEY, email, name: 'Ada', password: PASSWORD };
    return personOf(server, await server.call('POST', '/api/setup', body, {}));
  }

  static async signIn(server: TestApi, email: string, password = PASSWORD): Promise<TestPerson> {
    return personOf(
      server,
      await server.call('POST', '/api/auth/sign-in', { email, password }, {}),
    );
  }

  /** Somebody who accepts an invitation of this admin. */
  async invites(role: 'admin' | 'agent', email: string): Promise<TestPerson> {
    const { body } = await this.call<OneTimeLink>('POST', '/api/invitations', { role });
    const name = email.split('@')[0] ?? email;
    const accepted = { token: body.token, email, name, password: PASSWORD };
    return personOf(
      this.server,
      await this.server.call('POST', '/api/auth/links/use', accepted, {}),
    );
  }
}

function personOf(server: TestApi, answer: Answer): TestPerson {
  if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  const [cookie = ''] = (answer.headers.get('set-cookie') ?? '').split(';');
  plant(cookie.slice(cookie.indexOf('=') + 1));
  return new TestPerson(server, cookie);
}
