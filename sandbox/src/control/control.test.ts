import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { create } from 'qrcode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Companion } from '../phone/test-companion.js';
import { type Sandbox, startSandbox } from '../sandbox.js';

const dataDir = mkdtempSync(join(tmpdir(), 'sandbox-control-'));
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ dataDir, port: 0, seed: true });
});

afterAll(async () => {
  await sandbox.stop();
  rmSync(dataDir, { recursive: true });
});

interface Answer {
  status: number;
  body: Record<string, unknown> & { error?: { code: string; message: string } };
}

async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(sandbox.controlUrl + path, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

/** A request with headers that `fetch` would not let through. */
function askAs(headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${sandbox.controlUrl}/api/info`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

/** A picture of a QR, four pixels a module, with its quiet zone. */
function qrPicture(text: string): string {
  const { modules } = create(text);
  const scale = 4;
  const size = (modules.size + 8) * scale;
  const png = new PNG({ width: size, height: size });
  png.data.fill(255);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const [row, column] = [Math.floor(y / scale) - 4, Math.floor(x / scale) - 4];
      const inside = row >= 0 && column >= 0 && row < modules.size && column < modules.size;
      if (inside && modules.get(row, column))
        png.data.fill(0, (y * size + x) * 4, (y * size + x) * 4 + 3);
    }
  }
  return `data:image/png;base64,${PNG.sync.write(png).toString('base64')}`;
}

describe('control API', () => {
  it('starts a new world with three phones and their chats', async () => {
    const { body } = await ask('GET', '/api/phones');
    const phones = body.phones as { phone: string; name: string; online: boolean }[];
    expect(phones).toHaveLength(3);
    expect(phones.every(({ online }) => online)).toBe(true);
    const messages = await ask('GET', `/api/phones/${phones[0]!.phone}/messages`);
    expect((messages.body.messages as unknown[]).length).toBeGreaterThan(2);
  });

  it('says where to connect', async () => {
    const { body } = await ask('GET', '/api/info');
    expect(body).toMatchObject({ wsUrl: sandbox.wsUrl, rootPublicKey: sandbox.rootPublicKey });
    expect(body.media).toHaveProperty('caFile');
  });

  it('adds a phone once, and renames it', async () => {
    const first = await ask('POST', '/api/phones', { phone: '+51 999-000-777', name: 'Rosa' });
    expect(first).toMatchObject({ status: 201, body: { phone: '51999000777', name: 'Rosa' } });
    const again = await ask('POST', '/api/phones', { phone: '51999000777', name: 'Rosa B.' });
    expect(again).toMatchObject({ status: 200, body: { name: 'Rosa B.', lid: first.body.lid } });
  });

  it('scans a picture of the QR', async () => {
    await ask('POST', '/api/phones', { phone: '51999000778', name: 'Sara' });
    const companion = new Companion(sandbox);
    try {
      const qr = await companion.until('a QR', () => companion.qr);
      const scanned = await ask('POST', '/api/phones/51999000778/scan', { image: qrPicture(qr) });
      expect(scanned).toMatchObject({ status: 200, body: { device: 1 } });
      await companion.until('the connection', () => companion.state === 'open');
    } finally {
      await companion.stop();
    }
    const blank = qrPicture('x').replace(/base64,.*/, 'base64,AAAA');
    const refused = await ask('POST', '/api/phones/51999000778/scan', { image: blank });
    expect(refused).toMatchObject({ status: 400, body: { error: { code: 'image_malformed' } } });
  });

  it.each([
    ['POST', '/api/phones', { phone: '12', name: 'x' }, 400, 'invalid_request', /phone: .*5 to 15/],
    ['POST', '/api/phones', undefined, 400, 'invalid_request', /JSON object/],
    ['GET', '/api/phones/51900/messages', undefined, 404, 'unknown_phone', /Add it first/],
    ['POST', '/api/phones/99900000101/scan', {}, 400, 'invalid_request', /either qr/],
    ['POST', '/api/phones/99900000101/scan', { qr: 'a,b' }, 400, 'qr_malformed', /four or five/],
    ['POST', '/api/phones/99900000101/pair', { code: 'ABCD-EFGH' }, 404, 'code_unknown', /asked/],
    ['POST', '/api/phones/99900000101/pair', { code: 'ABC' }, 400, 'code_malformed', /eight/],
    [
      'POST',
      '/api/phones/99900000101/messages',
      { to: '51000', text: 'x' },
      404,
      'unknown_recipient',
      /Nobody/,
    ],
    [
      'POST',
      '/api/phones/99900000101/messages',
      { to: 'x', text: 'x' },
      400,
      'invalid_request',
      /^to: /,
    ],
    [
      'POST',
      '/api/phones/99900000101/messages',
      { to: '123@g.us', text: 'x' },
      404,
      'unknown_group',
      /no group/,
    ],
    ['DELETE', '/api/phones/99900000101/devices/7', undefined, 404, 'unknown_device', /device 7/],
    [
      'POST',
      '/api/groups',
      { subject: 'G', participants: ['51000', '52000'] },
      404,
      'unknown_phone',
      /51000/,
    ],
    ['POST', '/api/faults', { kind: 'quake' }, 400, 'invalid_request', /^kind: .*"random"/],
    ['DELETE', '/api/faults/99', undefined, 404, 'unknown_fault', /99/],
    ['GET', '/api/nothing', undefined, 404, 'not_found', /GET \/api\/nothing/],
  ])('%s %s with %j answers %i %s', async (method, path, body, status, code, text) => {
    const answer = await ask(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.body.error?.code).toBe(code);
    expect(answer.body.error?.message).toMatch(text);
  });

  it('lists faults, and ends one or all', async () => {
    const { body, status } = await ask('POST', '/api/faults', {
      kind: 'ack_delay',
      delayMs: 5,
      forMs: 60_000,
    });
    expect(status).toBe(201);
    expect((await ask('GET', '/api/faults')).body.faults).toMatchObject([{ id: body.id }]);
    expect((await ask('DELETE', `/api/faults/${body.id}`)).status).toBe(200);
    const random = { kind: 'random', seed: 7, everyMs: 60_000 };
    expect((await ask('POST', '/api/faults', random)).body).toEqual(random);
    expect((await ask('DELETE', '/api/faults')).body).toEqual({ faults: [] });
  });

  it('shows what waits for a device that is away, and settles without it', async () => {
    const companion = new Companion(sandbox);
    const qr = await companion.until('a QR', () => companion.qr);
    await ask('POST', '/api/phones/99900000102/scan', { qr });
    await companion.until('the first sync', () => companion.history.length > 0);
    await ask('POST', '/api/settle', {});
    await companion.stop();
    await expect
      .poll(async () => (await ask('GET', '/api/phones/99900000102/devices')).body.devices)
      .toMatchObject([{ device: 1, connected: false }]);
    await ask('POST', '/api/phones/99900000101/messages', {
      to: '99900000102',
      text: 'are you there?',
    });
    expect((await ask('POST', '/api/settle')).body).toEqual({ settled: true });
    const queues = (await ask('GET', '/api/queues')).body.queues as {
      phone: string;
      device: number;
    }[];
    expect(
      queues.find(({ phone, device }) => phone === '99900000102' && device === 1),
    ).toMatchObject({
      connected: false,
      undelivered: 1,
      unacknowledged: 0,
      stanzas: [{ tag: 'message' }],
    });
  });

  it('answers only under loopback names and to loopback pages', async () => {
    expect(await askAs({ host: 'localhost:3100' })).toBe(200);
    expect(await askAs({ host: 'rebound.example' })).toBe(403);
    expect(await askAs({ origin: 'https://page.example' })).toBe(403);
  });

  it('serves the phone page', async () => {
    const response = await fetch(sandbox.controlUrl);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(await response.text()).toContain('<title>Simulated phones</title>');
  });

  it('streams what happens on the phones', async () => {
    const stream = await fetch(`${sandbox.controlUrl}/api/events`);
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
    const sent = await ask('POST', '/api/phones/99900000103/messages', {
      to: '99900000101',
      text: 'live',
    });
    let seen = '';
    while (!(seen.includes(`"phone":"99900000101"`) && seen.includes(String(sent.body.id)))) {
      seen += (await reader.read()).value ?? '';
    }
    await reader.cancel();
  });
});
