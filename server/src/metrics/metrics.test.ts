import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';
import { TestSocket } from '../testing/test-socket.js';

const DASHBOARD = new URL('../../../docs/grafana/patchbay.json', import.meta.url);

/** Lines as `name{label="value"}` → number. */
function read(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.replace(/ [^ ]+$/, ''), Number(line.split(' ').at(-1))]),
  );
}

describe.each(databases)('metrics and health on %s', (name) => {
  let sandbox: TestSandbox;
  let server: TestServer;
  let own: string;
  let other: string;

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    server = await TestServer.start(sandbox, { database: name });
    [own, other] = [await sandbox.phone('Own'), await sandbox.phone('Other')];
    await server.linked(sandbox, 'main', own);
  });
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
  });

  const metrics = async () => read((await server.call<string>('GET', '/api/metrics')).body);

  it('counts sessions, messages both ways, acks and streams', async () => {
    const before = await metrics();
    await server.message('main', await sandbox.write(other, { to: own, text: 'in' }));
    const sent = await server.send('main', other, 'out');
    await server.message('main', sent, ({ status }) => status === 'delivered');
    const socket = await TestSocket.open(server.url);
    const grown = (now: Map<string, number>, line: string) =>
      (now.get(line) ?? 0) - (before.get(line) ?? 0);
    const now = await eventually('the ack is counted', async () => {
      const lines = await metrics();
      return grown(lines, 'patchbay_send_ack_seconds_count') === 1 ? lines : undefined;
    });
    expect(now.get('patchbay_sessions{status="connected"}')).toBe(1);
    expect(now.get('patchbay_sessions{status="failed"}')).toBe(0);
    expect(grown(now, 'patchbay_messages_total{direction="in",source="live"}')).toBe(1);
    expect(grown(now, 'patchbay_messages_total{direction="out",source="api"}')).toBe(1);
    expect(grown(now, 'patchbay_message_statuses_total{status="delivered"}')).toBe(1);
    expect(now.get('patchbay_streams{kind="websocket"}')).toBe(1);
    expect(now.get('patchbay_event_log_position')).toBeGreaterThan(2);
    expect(now.has('nodejs_eventloop_lag_p99_seconds')).toBe(true);
    expect(now.has('process_resident_memory_bytes')).toBe(true);
    socket.socket.terminate();
  });

  it('shows what waits to be sent and for how long', async () => {
    await server.call('DELETE', '/api/sessions/main');
    await server.send('main', other, 'later');
    const waiting = await metrics();
    expect(waiting.get('patchbay_outbox{state="queued"}')).toBe(1);
    expect(waiting.get('patchbay_outbox_oldest_seconds{state="queued"}')).toBeGreaterThanOrEqual(0);
    await server.call('PUT', '/api/sessions/main');
    await server.reaches('main', 'connected');
    await eventually('the outbox is empty', async () =>
      (await metrics()).has('patchbay_outbox{state="queued"}') ? undefined : true,
    );
  });

  it('shows what the team has to do', async () => {
    const waiting = await metrics();
    expect(waiting.get('patchbay_chats{status="open"}')).toBe(1);
    expect(waiting.get('patchbay_unread_chats{taken="no"}')).toBe(1);
    const path = `/api/sessions/main/chats/${other}/team`;
    const change = { status: 'pending', assigneeId: 'owner' };
    expect((await server.call('PATCH', path, change)).status).toBe(200);
    const taken = await metrics();
    expect(taken.has('patchbay_chats{status="open"}')).toBe(false);
    expect(taken.get('patchbay_chats{status="pending"}')).toBe(1);
    expect(taken.has('patchbay_unread_chats{taken="no"}')).toBe(false);
    expect(taken.get('patchbay_unread_chats_oldest_seconds{taken="yes"}')).toBeGreaterThanOrEqual(
      0,
    );
  });

  it('has everything that the dashboard shows', async () => {
    const { body } = await server.call<string>('GET', '/api/metrics');
    const dashboard = readFileSync(DASHBOARD, 'utf8');
    const shown = dashboard.match(/\b(?:patchbay|nodejs|process)_[a-z0-9_]+/g) ?? [];
    expect(shown.length).toBeGreaterThan(20);
    const known = new Set([...body.matchAll(/^# TYPE (\S+)/gm)].map(([, metric]) => metric));
    const missing = shown.filter((metric) => !known.has(metric.replace(/_bucket$/, '')));
    expect(missing).toEqual([]);
  });

  it('is for those with credentials, and names no number, session or person', async () => {
    expect((await server.call('GET', '/api/metrics', undefined, {})).status).toBe(401);
    const { body, headers } = await server.call<string>('GET', '/api/metrics');
    expect(headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    for (const secret of [own, other, 'Own', 'Other', '"main"']) expect(body).not.toContain(secret);
  });

  it('tells everybody whether it lives and is ready', async () => {
    const open = (path: string) => server.call('GET', path, undefined, {});
    expect((await open('/api/health')).body).toMatchObject({ status: 'ok', activeSessions: 1 });
    expect((await open('/api/health/live')).body).toEqual({ status: 'ok' });
    expect((await open('/api/health/ready')).body).toEqual({ status: 'ready' });
  });

  it('is not ready when the database does not take writes, and says so', async () => {
    const { database } = server.house;
    const rename = (from: string, to: string) => {
      const statement = sql.raw(`alter table ${from} rename to ${to}`);
      return database.write([{ query: { compile: () => statement.compile(database.kysely) } }]);
    };
    await rename('settings', 'settings_away');
    const answer = await eventually('the answer changes', async () => {
      const ready = await server.call('GET', '/api/health/ready', undefined, {});
      return ready.status === 503 ? ready : undefined;
    });
    expect(answer.body).toMatchObject({ error: { code: 'storage_unavailable' } });
    expect((await server.call('GET', '/api/health/live', undefined, {})).status).toBe(200);
    await rename('settings_away', 'settings');
    await eventually('it is ready again', async () => {
      const ready = await server.call('GET', '/api/health/ready', undefined, {});
      return ready.status === 200 ? true : undefined;
    });
  });
});
