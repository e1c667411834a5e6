import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';

interface Document {
  openapi: string;
  paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
  components: { schemas: Record<string, unknown> };
}

describe('the API as a whole', () => {
  let sandbox: TestSandbox;
  let server: TestServer;

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    server = await TestServer.start(sandbox, { database: 'sqlite' });
  });
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
  });

  const document = async () => (await server.call<Document>('GET', '/api/openapi.json')).body;
  const OPEN = [
    '/api/health',
    '/api/health/live',
    '/api/health/ready',
    '/api/setup',
    '/api/auth/sign-in',
    '/api/auth/links/look',
    '/api/auth/links/use',
  ];

  it('is described: every route, every schema that it refers to', async () => {
    const described = await document();
    expect(described.openapi).toMatch(/^3\./);
    const schemas = Object.keys(described.components.schemas);
    const text = JSON.stringify(described);
    for (const [, name] of text.matchAll(/#\/components\/schemas\/(\w+)/g)) {
      expect(schemas).toContain(name);
    }
    for (const [path, operations] of Object.entries(described.paths)) {
      for (const [method, { responses }] of Object.entries(operations)) {
        expect([path, method, Object.keys(responses).some((code) => code < '300')]).toEqual([
          path,
          method,
          true,
        ]);
      }
    }
  });

  it('lets nobody in without credentials but to health and signing in', async () => {
    const { paths } = await document();
    let tried = 0;
    for (const [path, operations] of Object.entries(paths)) {
      if (OPEN.includes(path)) continue;
      for (const method of Object.keys(operations)) {
        const concrete = path.replaceAll(/\{\w+\}/g, 'x');
        const answer = await server.call<{ error: { code: string } }>(
          method.toUpperCase(),
          concrete,
          undefined,
          {},
        );
        expect([concrete, answer.status]).toEqual([concrete, 401]);
        expect(answer.body.error.code).toBe('unauthorized');
        tried += 1;
      }
    }
    expect(tried).toBeGreaterThan(20);
    for (const path of ['/api/docs', '/api/openapi.json', '/api/docs/swagger-ui.css']) {
      expect((await server.call('GET', path, undefined, {})).status).toBe(401);
    }
    expect((await server.call('GET', '/api/health', undefined, {})).body).toMatchObject({
      status: 'ok',
    });
  });

  it('takes the key as header and as bearer, and no other', async () => {
    const status = async (headers: Record<string, string>) =>
      (await server.call('GET', '/api/me', undefined, headers)).status;
    expect(await status({ 'x-api-key': 'a-key-for-the-tests' })).toBe(200);
    expect(await status({ authorization: 'Bearer a-key-for-the-tests' })).toBe(200);
    expect(await status({ 'x-api-key': 'a-key-for-the-test' })).toBe(401);
    expect(await status({ authorization: 'Basic a-key-for-the-tests' })).toBe(401);
  });

  it('signs a browser in, and lets no foreign page use its cookie to change something', async () => {
    const refused = await server.call('POST', '/api/auth/sign-in', { apiKey: 'wrong' }, {});
    expect(refused.status).toBe(401);
    const signedIn = await server.call(
      'POST',
      '/api/auth/sign-in',
      { apiKey: 'a-key-for-the-tests' },
      {},
    );
    const setCookie = signedIn.headers.get('set-cookie') ?? '';
    expect(setCookie).toMatch(/HttpOnly/);
    expect(setCookie).toMatch(/SameSite=Strict/);
    expect(setCookie).not.toContain('a-key-for-the-tests');
    const cookie = setCookie.split(';')[0] as string;
    const call = (method: string, headers: Record<string, string>, path = '/api/accounts') =>
      server.call(method, path, undefined, { cookie, ...headers }).then(({ status }) => status);
    expect(await call('GET', {})).toBe(200);
    expect(await call('POST', {})).toBe(403);
    expect(await call('POST', { 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await call('POST', { origin: 'http://evil.example' })).toBe(403);
    expect(await call('POST', { 'sec-fetch-site': 'same-origin' })).toBe(201);
    expect(await call('POST', { origin: server.url })).toBe(201);
    const forged = cookie.replace(/=\d+/, (expires) => `=${Number(expires.slice(1)) + 1}`);
    expect(await call('GET', { cookie: forged })).toBe(401);
  });

  it('sends strict headers, and no cookie or cache for answers of the API', async () => {
    const { headers } = await server.call('GET', '/api/me');
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
  });
});
