import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AddressPolicy, isAllowedTarget } from './address-policy.js';
import type { GuardedRequest, Lookup } from './guarded-fetch.js';
import { GuardedFetch, UrlRefused } from './guarded-fetch.js';

describe('address policy', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '192.0.2.1',
    '198.18.0.1',
    '::1',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001::1',
    'fe80::1',
    'fe80::1%eth0',
    'fc00::1',
    'fec0::1',
    'ff02::1',
    '2001:db8::1',
    '4000::1',
    'not an address',
  ])('refuses %s', (address) => {
    expect(new AddressPolicy().permits(address, 'somewhere.example')).toBe(false);
  });

  it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])(
    'permits %s',
    (address) => {
      expect(new AddressPolicy().permits(address, 'somewhere.example')).toBe(true);
    },
  );

  it('permits what the operator listed, and no more', () => {
    const policy = new AddressPolicy(['10.1.0.0/16', 'fd00::/8', '192.168.1.7', 'Hooks.internal']);
    expect(policy.permits('10.1.2.3', 'x')).toBe(true);
    expect(policy.permits('::ffff:10.1.2.3', 'x')).toBe(true);
    expect(policy.permits('10.2.2.3', 'x')).toBe(false);
    expect(policy.permits('fd12::1', 'x')).toBe(true);
    expect(policy.permits('192.168.1.7', 'x')).toBe(true);
    expect(policy.permits('192.168.1.8', 'x')).toBe(false);
    expect(policy.permits('172.16.0.9', 'hooks.internal.')).toBe(true);
    expect(policy.permits('172.16.0.9', 'more.hooks.internal')).toBe(false);
  });

  it('knows entries of the list from mistakes', () => {
    for (const entry of ['10.0.0.0/8', '::1', 'localhost', 'a-b.internal']) {
      expect([entry, isAllowedTarget(entry)]).toEqual([entry, true]);
    }
    for (const entry of ['http://localhost', '10.0.0.0/33', 'a b', '']) {
      expect([entry, isAllowedTarget(entry)]).toEqual([entry, false]);
    }
  });
});

describe('guarded fetch', () => {
  const servers: Server[] = [];
  let inside: string;
  let reached: { url: string; headers: Record<string, unknown>; body: string }[] = [];
  let redirect: { status: number; location: string } | undefined;
  const opened: GuardedFetch[] = [];

  const listen = async () => {
    const server = createServer(async (incoming, response) => {
      let body = '';
      for await (const chunk of incoming) body += chunk;
      reached.push({ url: incoming.url ?? '', headers: incoming.headers, body });
      if (redirect && incoming.url === '/start') {
        response.writeHead(redirect.status, { location: redirect.location }).end('moved');
      } else {
        response.end('hello');
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.push(server);
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const guarded = (allowed: string[], lookup?: Lookup) => {
    const fetch = new GuardedFetch(new AddressPolicy(allowed), lookup);
    opened.push(fetch);
    return fetch;
  };
  const ask = async (fetch: GuardedFetch, url: string, options: Partial<GuardedRequest> = {}) => {
    const answer = await fetch.fetch(url, { signal: AbortSignal.timeout(5000), ...options });
    return { ...answer, text: await answer.body.text() };
  };
  /** Answers each look-up with the next address. */
  const resolver = (...answers: string[]): Lookup => {
    return (_host, _options, done) => {
      const address = (answers.length > 1 ? answers.shift() : answers[0]) as string;
      done(null, [{ address, family: address.includes(':') ? 6 : 4 }]);
    };
  };
  const port = () => new URL(inside).port;

  beforeAll(async () => {
    inside = await listen();
  });
  afterEach(async () => {
    reached = [];
    redirect = undefined;
    for (const fetch of opened.splice(0)) await fetch.close();
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  });

  it('reaches what is allowed', async () => {
    const answer = await ask(guarded(['127.0.0.0/8']), `${inside}/x`, {
      method: 'POST',
      body: 'text',
    });
    expect([answer.status, answer.text]).toEqual([200, 'hello']);
    expect(reached[0]?.body).toBe('text');
  });

  it.each(['http://127.0.0.1', 'http://[::1]', 'http://[::ffff:7f00:1]', 'http://2130706433'])(
    'does not connect to %s',
    async (origin) => {
      const fetch = guarded([]);
      await expect(ask(fetch, `${origin}:${port()}/x`)).rejects.toBeInstanceOf(UrlRefused);
      await expect(fetch.inspect(`${origin}:${port()}/x`)).rejects.toBeInstanceOf(UrlRefused);
      expect(reached).toEqual([]);
    },
  );

  it('does not connect by a name that leads inside', async () => {
    const fetch = guarded([], resolver('127.0.0.1'));
    await expect(ask(fetch, `http://rebind.example:${port()}/`)).rejects.toBeInstanceOf(UrlRefused);
    await expect(fetch.inspect('http://rebind.example/')).rejects.toBeInstanceOf(UrlRefused);
    expect(reached).toEqual([]);
  });

  it('is not deceived by a name that leads outside first and inside later', async () => {
    const fetch = guarded([], resolver('93.184.216.34', '127.0.0.1'));
    const url = `http://rebind.example:${port()}/`;
    await fetch.inspect(url);
    await expect(ask(fetch, url)).rejects.toBeInstanceOf(UrlRefused);
    expect(reached).toEqual([]);
  });

  it('reaches a name that the operator listed', async () => {
    const fetch = guarded(['hooks.internal'], resolver('127.0.0.1'));
    expect((await ask(fetch, `http://hooks.internal:${port()}/`)).text).toBe('hello');
  });

  it('checks the target of a redirect', async () => {
    redirect = { status: 307, location: `http://inner.example:${port()}/secret` };
    const lookup: Lookup = (host, _options, done) =>
      done(null, [{ address: host === 'inner.example' ? '127.0.0.2' : '127.0.0.1', family: 4 }]);
    const fetch = guarded(['127.0.0.1'], lookup);
    const asked = ask(fetch, `http://outer.example:${port()}/start`, { method: 'POST', body: 'x' });
    await expect(asked).rejects.toBeInstanceOf(UrlRefused);
    expect(reached.map(({ url }) => url)).toEqual(['/start']);
  });

  it('follows a redirect with method and body, without the headers of the first origin', async () => {
    const other = await listen();
    redirect = { status: 308, location: `${other}/end` };
    const answer = await ask(guarded(['127.0.0.1']), `${inside}/start`, {
      method: 'POST',
      body: 'kept',
      headers: { 'x-kept': '1' },
      originHeaders: { authorization: 'Bearer secret' },
    });
    expect(answer.url).toBe(`${other}/end`);
    expect(reached[0]?.headers.authorization).toBe('Bearer secret');
    expect(reached[1]).toMatchObject({ url: '/end', body: 'kept', headers: { 'x-kept': '1' } });
    expect(reached[1]?.headers.authorization).toBeUndefined();
  });

  it('gives up on redirects without end, and does not turn a POST into a GET', async () => {
    redirect = { status: 307, location: '/start' };
    const fetch = guarded(['127.0.0.1']);
    await expect(ask(fetch, `${inside}/start`)).rejects.toThrow('too many redirects');
    redirect = { status: 302, location: '/other' };
    expect((await ask(fetch, `${inside}/start`, { method: 'POST', body: 'x' })).status).toBe(302);
  });

  it.each(['ftp://example.org/', 'file:///etc/passwd', 'nonsense', 'http://user:pw@example.org/'])(
    'refuses %s by its form',
    async (url) => {
      await expect(guarded([]).inspect(url)).rejects.toBeInstanceOf(UrlRefused);
      await expect(ask(guarded([]), url)).rejects.toBeInstanceOf(UrlRefused);
    },
  );

  it('ends with the signal', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(ask(guarded(['127.0.0.1']), inside, { signal })).rejects.toThrow('enough');
  });
});
