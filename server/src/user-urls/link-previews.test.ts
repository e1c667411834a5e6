import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Message, SendAnswer } from '@patchbay/contract';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../testing/databases.js';
import { KindsWorld } from '../testing/kinds-world.js';
import { API_KEY } from '../testing/test-api.js';
import { AddressPolicy } from './address-policy.js';
import { GuardedFetch } from './guarded-fetch.js';
import { firstLink, LinkPreviews } from './link-previews.js';

/** A website: by path what it answers. */
class Site {
  readonly asked: string[] = [];
  readonly pages = new Map<string, (response: ServerResponse, request: IncomingMessage) => void>();
  private readonly server: Server = createServer((request, response) => {
    this.asked.push(request.url ?? '');
    const page = this.pages.get(request.url ?? '');
    if (page) page(response, request);
    else response.writeHead(404).end();
  });

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  url(path: string, host = '127.0.0.1'): string {
    return `http://${host}:${(this.server.address() as AddressInfo).port}${path}`;
  }

  html(path: string, html: string | Buffer, type = 'text/html; charset=utf-8'): string {
    this.pages.set(path, (response) => response.writeHead(200, { 'content-type': type }).end(html));
    return this.url(path);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const picture = () =>
  sharp({ create: { width: 400, height: 200, channels: 3, background: '#0a7a5a' } })
    .png()
    .toBuffer();

describe('the first link of a text', () => {
  it.each([
    ['see https://example.org/a.', 'https://example.org/a'],
    ['*HTTP://example.org/x_(y)*, ok', 'HTTP://example.org/x_(y)'],
    ['(https://example.org/z)', 'https://example.org/z'],
    ['two: http://a.example http://b.example', 'http://a.example'],
    ['none: example.org ftp://example.org', undefined],
    ['http://', undefined],
  ])('of %j is %s', (text, link) => {
    expect(firstLink(text)).toBe(link);
  });
});

describe('a link preview', () => {
  const site = new Site();
  const guarded = new GuardedFetch(new AddressPolicy(['127.0.0.1']));
  const previews = new LinkPreviews(guarded, 2000);

  beforeAll(() => site.open());
  afterAll(async () => {
    await guarded.close();
    await site.close();
  });

  it('is what the page says of itself', async () => {
    site.pages.set('/img/p.png', async (response) => response.end(await picture()));
    const url = site.html(
      '/full',
      `<!doctype html><html><head><TITLE>Not this</TITLE>
       <meta property="og:title" content="Fish &amp; chips &#127839;">
       <meta name="description" content="second choice">
       <meta property="og:description" content="Fried\n  daily">
       <meta property="og:image" content="/img/p.png"></head><body><title>no</title></body></html>`,
    );
    const { thumbnail, ...said } = (await previews.of(`look: ${url}!`)) ?? {};
    expect(said).toEqual({ url, title: 'Fish & chips 🍟', description: 'Fried daily' });
    const small = await sharp(Buffer.from(thumbnail ?? '', 'base64')).metadata();
    expect([small.format, small.width, small.height]).toEqual(['jpeg', 100, 50]);
    await previews.of(`to somebody else: ${url}`);
    expect(site.asked.filter((path) => path === '/full')).toHaveLength(1);
  });

  it('is read in the encoding of the page, from its title where nothing else is', async () => {
    const latin = Buffer.from('<html><head><title>Ma\xf1ana</title></head>', 'latin1');
    const url = site.html('/latin', latin, 'text/html; charset=ISO-8859-1');
    expect(await previews.of(url)).toEqual({ url, title: 'Mañana' });
    const named = Buffer.from('<meta charset="windows-1252"><title>Ma\xf1ana</title>', 'latin1');
    const other = site.html('/named', named, 'text/html');
    expect(await previews.of(other)).toEqual({ url: other, title: 'Mañana' });
    const odd = site.html('/odd', '<title>x</title>', 'text/html; charset=klingon');
    expect(await previews.of(odd)).toEqual({ url: odd, title: 'x' });
  });

  it('goes without a picture that is none, too large, or inside the network', async () => {
    site.html('/not-a-picture', 'text', 'image/png');
    site.pages.set('/endless', (response) => {
      response.on('error', () => undefined);
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', more);
      more();
    });
    for (const [index, image] of [
      '/not-a-picture',
      '/endless',
      '/missing',
      site.url('/img/p.png', '127.0.0.2'),
      'http://[',
    ].entries()) {
      const head = `<title>t</title><meta property="og:image" content="${image}">`;
      const url = site.html(`/pictures-${index}`, head);
      expect(await previews.of(url)).toEqual({ url, title: 't' });
    }
  });

  it('is absent where nothing can be learnt', async () => {
    site.pages.set('/moved', (response) => {
      response.writeHead(302, { location: site.url('/full', '127.0.0.2') }).end();
    });
    site.pages.set('/error', (response) => {
      response.writeHead(500, { 'content-type': 'text/html' }).end('<title>no</title>');
    });
    const urls = [
      site.html('/plain', '<title>no</title>', 'text/plain'),
      site.html('/empty', ''),
      site.html('/in-body', '<body><title>no</title><meta name="description" content="no">'),
      site.url('/moved'),
      site.url('/error'),
      site.url('/full', '127.0.0.2'),
      'http://169.254.169.254/latest/meta-data',
      'http://127.0.0.1:1/',
    ];
    for (const url of urls) expect([url, await previews.of(url)]).toEqual([url, undefined]);
    expect(await previews.of('no link')).toBeUndefined();
  });

  it('does not read a page to its end, nor wait for it', async () => {
    let cut: (() => void) | undefined;
    const isCut = new Promise<void>((resolve) => {
      cut = resolve;
    });
    site.pages.set('/long', (response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.on('error', () => undefined);
      response.on('close', () => cut?.());
      const more = () => {
        while (!response.destroyed && response.write('<p>'.repeat(20_000)));
      };
      response.on('drain', more);
      response.write('<title>long</title>');
      more();
    });
    expect(await previews.of(site.url('/long'))).toMatchObject({ title: 'long' });
    await isCut;

    site.pages.set('/silent', () => undefined);
    const hasty = new LinkPreviews(guarded, 100);
    const many = Array.from({ length: 20 }, (_, n) => {
      site.pages.set(`/silent?${n}`, () => undefined);
      return hasty.of(site.url(`/silent?${n}`));
    });
    expect(await Promise.all(many)).toEqual(many.map(() => undefined));
    // Those before it are no longer in its way.
    expect(await new LinkPreviews(guarded, 2000).of(site.url('/full'))).toBeDefined();
    expect(site.asked.filter((path) => path.startsWith('/silent?')).length).toBe(8);
  });
});

describe.each(databases)('texts with link previews on %s', (database) => {
  const site = new Site();
  let world: KindsWorld;

  beforeAll(async () => {
    await site.open();
    world = await KindsWorld.start(database, { ALLOW_PRIVATE_TARGETS: '127.0.0.1' });
  });
  afterAll(async () => {
    await world.stop();
    await site.close();
  });

  it('carry what was fetched, by each route, once for one key', async () => {
    site.pages.set('/p.png', async (response) => response.end(await picture()));
    const head =
      '<title>Harbour</title><meta name=description content=Ships><meta property=og:image content=/p.png>';
    const url = site.html('/harbour', head);
    const text = `come to ${url}`;
    const path = '/api/sessions/main/send/text';
    const send = (body: object) =>
      world.server.call<SendAnswer>(
        'POST',
        path,
        { chatId: world.other, text, ...body },
        { 'x-api-key': API_KEY, 'idempotency-key': 'harbour' },
      );
    const first = await send({ linkPreview: true });
    expect(first.status).toBe(202);
    const again = await send({ linkPreview: true });
    expect(again.body.messageId).toBe(first.body.messageId);
    expect((await send({})).status).toBe(409);

    const second = await world.send(world.group, { type: 'text', text, linkPreview: true });
    for (const id of [first.body.messageId, second]) {
      const preview = { url, title: 'Harbour', description: 'Ships' };
      const got = await world.onPhone(world.other, id);
      expect(got).toMatchObject({ kind: 'text', text, preview });
      const message: Message = await world.server.message('main', id);
      expect(message).toMatchObject({ content: text, linkPreview: preview });
      expect(got.preview).toEqual(message.linkPreview);
      expect(message.linkPreview?.thumbnail).toBeDefined();
    }
    expect(site.asked).toEqual(['/harbour', '/p.png']);
  });

  it('go without where there is nothing to fetch, or nobody may', async () => {
    const urls = [site.url('/none'), site.url('/harbour', '127.0.0.2'), 'http://10.0.0.1/'];
    for (const url of urls) {
      const id = await world.send(world.other, { type: 'text', text: url, linkPreview: true });
      const got = await world.onPhone(world.other, id);
      expect([got.text, got.preview]).toEqual([url, undefined]);
      expect((await world.server.message('main', id)).linkPreview).toBeUndefined();
    }
    const off = { type: 'text', text: site.url('/harbour'), linkPreview: false } as const;
    const id = await world.send(world.other, off);
    expect((await world.onPhone(world.other, id)).preview).toBeUndefined();
  });
});
