import type { Account, Session, SessionAnswer } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';

describe.each(databases)('sessions over HTTP on %s', (database) => {
  let sandbox: TestSandbox;
  let server: TestServer;

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    // No Chromium there.
    const environment = { PUPPETEER_EXECUTABLE_PATH: '/nowhere/chromium' };
    server = await TestServer.start(sandbox, { database, environment });
  });
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
  });

  const put = (id: string, body?: object) =>
    server.call<SessionAnswer>('PUT', `/api/sessions/${id}`, body);
  const devicesOf = async (phone: string) =>
    (await sandbox.call<{ devices: object[] }>('GET', `/api/phones/${phone}/devices`)).devices;

  it('S1-01 answers a PUT with the QR, links by it, and takes the phone’s name', async () => {
    const phone = await sandbox.phone('Rosa Flores');
    const { status, body } = await put('first');
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: 'first', status: 'starting', engine: 'baileys' });
    expect(body.qr?.dataUrl).toMatch(/^data:image\/png;base64,/);
    await sandbox.call('POST', `/api/phones/${phone}/scan`, { qr: body.qr?.code });
    const session = await server.reaches('first', 'connected');
    expect(session).toMatchObject({ phone, jid: `${phone}@s.whatsapp.net`, status: 'connected' });
    await eventually('the name', async () =>
      (await server.session('first')).displayName === 'Rosa Flores' ? true : undefined,
    );
    expect((await put('first')).body).toMatchObject({ status: 'ready', jid: session.jid });
  });

  it('S1-01 starts one socket for many PUTs at once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => put('many')));
    const codes = new Set(answers.map(({ body }) => body.qr?.code));
    expect(codes.size).toBe(1);
    expect(server.house.supervisor.active()).toBe(2);
    await server.call('DELETE', '/api/sessions/many');
  });

  it('S1-02 closes and comes back without a scan', async () => {
    const phone = await sandbox.phone();
    await server.linked(sandbox, 'pausing', phone);
    const closed = await server.call<SessionAnswer>('DELETE', '/api/sessions/pausing');
    expect(closed.body).toMatchObject({ status: 'closed', state: { reason: 'closed_by_user' } });
    const { body } = await server.call('GET', '/api/sessions/pausing/status');
    expect(body).toMatchObject({ status: 'disconnected', socketActive: false });
    await put('pausing');
    await server.reaches('pausing', 'connected');
    expect(await devicesOf(phone)).toHaveLength(1);
  });

  it('S1-03 logs out at WhatsApp and purges, also from a closed session', async () => {
    const phone = await sandbox.phone();
    await server.linked(sandbox, 'leaving', phone);
    await server.call('DELETE', '/api/sessions/leaving');
    const { body } = await server.call<SessionAnswer>('DELETE', '/api/sessions/leaving/storage');
    expect(body.status).toBe('removed');
    expect(await devicesOf(phone)).toHaveLength(0);
    const kept = await server.house.database.kysely
      .selectFrom('session_keys')
      .select('id')
      .where('session_id', '=', 'leaving')
      .execute();
    expect(kept).toEqual([]);
    expect((await put('leaving')).body.qr).toBeDefined();
    await server.call('DELETE', '/api/sessions/leaving');
  });

  it('S1-04 links by a pairing code', async () => {
    const phone = await sandbox.phone();
    const { body } = await put('typing', { phone });
    expect(body.pairingCode).toMatch(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/);
    expect(body.qr).toBeUndefined();
    const code = body.pairingCode?.replace('-', '');
    await sandbox.call('POST', `/api/phones/${phone}/pair`, { code });
    expect(await server.reaches('typing', 'connected')).toMatchObject({ phone });
  });

  it('S2-01 shows a fresh QR by itself when the phone removes the device', async () => {
    const phone = await sandbox.phone();
    await server.linked(sandbox, 'removed', phone);
    await sandbox.call('DELETE', `/api/phones/${phone}/devices/1`);
    const session = await server.reaches('removed', 'qr', 'device_removed', 2000);
    expect(session.state.action).toBe('scan');
    await server.linked(sandbox, 'removed', phone);
  });

  it('logs a number out again that another session has', async () => {
    const phone = await sandbox.phone();
    await server.linked(sandbox, 'owner-of-it', phone);
    await put('second-one');
    const qr = await server.qrOf('second-one');
    await sandbox.call('POST', `/api/phones/${phone}/scan`, { qr });
    const refused = await server.reaches('second-one', 'failed', 'number_already_linked');
    expect(refused.phone).toBeNull();
    await eventually('one device', async () =>
      (await devicesOf(phone)).length === 1 ? true : undefined,
    );
    expect((await server.session('owner-of-it')).state.status).toBe('connected');
  });

  it('says so when stored credentials cannot be read, and leaves the others alone', async () => {
    const phone = await sandbox.phone();
    await server.linked(sandbox, 'damaged', phone);
    await server.linked(sandbox, 'healthy', await sandbox.phone());
    await server.call('DELETE', '/api/sessions/damaged');
    const { database: db } = server.house;
    const damage = db.kysely
      .updateTable('session_keys')
      .set({ value: Buffer.from('not what was written') })
      .where('session_id', '=', 'damaged')
      .where('kind', '=', 'creds');
    await db.write([{ query: damage }]);
    await put('damaged');
    const session = await server.reaches('damaged', 'failed', 'credentials_unreadable');
    expect(session.state).toMatchObject({ action: 'scan', nextAttemptAt: null });
    expect((await server.session('healthy')).state.status).toBe('connected');
    await server.call('DELETE', '/api/accounts/damaged');
  });

  it('S2-02 lists accounts without QR, shows QRs, creates and deletes', async () => {
    const created = await server.call<Account>('POST', '/api/accounts', { displayName: 'Shop' });
    expect(created.status).toBe(201);
    const { id } = created.body;
    expect(created.body).toEqual({
      id,
      platform: 'whatsapp',
      jid: `pending_${id}`,
      displayName: 'Shop',
      status: 'DISCONNECTED',
    });
    const qr = await eventually(
      'a QR',
      async () => {
        const { body } = await server.call<{ qrDataUrl: string | null }>(
          'GET',
          `/api/accounts/${id}/qr`,
        );
        return body.qrDataUrl ?? undefined;
      },
      3000,
    );
    expect(qr).toMatch(/^data:image\/png;base64,/);
    const list = await server.call<Account[]>('GET', '/api/accounts');
    expect(list.body.at(-1)).toEqual(created.body);
    expect(JSON.stringify(list.body)).not.toContain('base64');
    expect((await server.call('DELETE', `/api/accounts/${id}`)).status).toBe(200);
    expect((await server.call('GET', `/api/accounts/${id}/qr`)).status).toBe(404);
  });

  it('S1-07 restores what was up, and only that, after a restart', async () => {
    const before = await server.call<{ sessions: Session[] }>('GET', '/api/sessions');
    const up = before.body.sessions.filter(({ state }) => state.status === 'connected');
    expect(up.length).toBeGreaterThanOrEqual(4);
    await server.close();
    await server.open();
    for (const { id } of up) await server.reaches(id, 'connected');
    expect((await server.session('many')).state.status).toBe('closed');
  });

  it('tells clearly what is wrong, and changes nothing', async () => {
    const cases: [string, string, unknown, number, string][] = [
      ['GET', '/api/sessions/nobody', undefined, 404, 'session_not_found'],
      ['PUT', '/api/sessions/a%2Fb', undefined, 400, 'invalid_request'],
      ['PUT', '/api/sessions/fine', { engine: 'other' }, 400, 'invalid_request'],
      ['PUT', '/api/sessions/fine', { unknown: 1 }, 400, 'invalid_request'],
      ['PUT', '/api/sessions/fine', '{"broken', 400, 'invalid_request'],
      ['PUT', '/api/sessions/fine', { phone: '+51 999' }, 400, 'invalid_request'],
      ['PUT', '/api/sessions/fine', { engine: 'remote' }, 501, 'not_supported'],
      ['PUT', '/api/sessions/fine', { engine: 'wwebjs' }, 503, 'browser_missing'],
      ['DELETE', '/api/sessions/fine', undefined, 404, 'session_not_found'],
      ['GET', '/api/nothing/here', undefined, 404, 'not_found'],
      ['POST', '/api/sessions/fine/pairing-code', {}, 404, 'session_not_found'],
    ];
    for (const [method, path, body, status, code] of cases) {
      const answer = await server.call<{ error: { code: string } }>(method, path, body);
      expect([path, answer.status, answer.body.error.code]).toEqual([path, status, code]);
    }
    expect((await server.call('GET', '/api/sessions/fine')).status).toBe(404);
  });
});
