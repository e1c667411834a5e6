import type { BulkCheck, BulkSend, ErrorBody, Template } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { longOn } from '../testing/databases.js';
import { eventsOf } from '../testing/events-of.js';
import { eventually } from '../testing/eventually.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';
import { BulkCalls, Recipients } from './testing/bulk-calls.js';

describe.each(longOn('postgres'))('bulk sends on %s', (database) => {
  let sandbox: TestSandbox;
  let server: TestServer;
  let own: string;
  let people: Recipients;
  const bulk = new BulkCalls(() => server);

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    server = await TestServer.start(sandbox, { database });
    own = await sandbox.phone('Shop');
    await server.linked(sandbox, 'shop', own);
    people = await Recipients.make(sandbox, 12);
  }, 60_000);
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
  });

  const pacing = (changes: object) =>
    server.call('PUT', '/api/sessions/shop/settings', { pacing: changes });
  const rowsTo = (phones: string[]) =>
    phones.map((phone, n) => ({ phone, values: { name: `Person ${n}` } }));

  it('sends each row of a file once, and says of the others why not', async () => {
    const [a, b] = people.phones as [string, string];
    const { body: template } = await server.call<Template>('POST', '/api/templates', {
      name: 'Ready',
      variants: [
        { language: 'en', body: 'Hello {{name}}, {{order}} is ready' },
        { language: 'pt', body: 'Olá {{name}}, {{order}} está pronto' },
      ],
    });
    const csv = [
      '\ufeffCustomer name;Phone number;Order;Language',
      `"Silva; Ana";+${a.slice(0, 3)} ${a.slice(3)};A-1;pt-BR`,
      '"Bob ""the"" Builder"',
      `Bob;${b};"A
2";`,
      `Again;${a};A-3;en`,
      ';;;',
      `NoOrder;${people.phones[2]};;en`,
      'Nobody;99955500011;A-4;en',
    ].join('\r\n');
    const fields = {
      templateId: template.id,
      columns: JSON.stringify({ name: 'Customer name' }),
    };
    const check = await bulk.checkFile('shop', csv, fields);
    expect(check).toMatchObject({
      columns: ['Customer name', 'Phone number', 'Order', 'Language'],
      phoneColumn: 'Phone number',
      languageColumn: 'Language',
      mapping: { name: 'Customer name', order: 'Order' },
      total: 6,
      valid: 3,
      invalid: 2,
      duplicate: 1,
    } satisfies Partial<BulkCheck>);
    expect(check.problems.map(({ line, reason }) => [line, reason])).toEqual([
      [3, 'no_phone'],
      [6, 'repeated'],
      [8, 'missing_variable'],
    ]);
    expect(check.preview[0]?.text).toBe('Olá Silva; Ana, A-1 está pronto');
    const made = await bulk.ofFile('/api/sessions/shop/bulk-sends/csv', csv, {
      ...fields,
      name: 'Orders',
    });
    expect([made.status, made.body.total]).toEqual([201, 6]);
    const done = await bulk.reaches(made.body.id, 'done');
    expect(done.counts).toMatchObject({
      pending: 0,
      queued: 0,
      failed: 1,
      invalid: 2,
      duplicate: 1,
    });
    const rows = await eventually('receipts', async () => {
      const found = await bulk.rows(done.id);
      return found.filter(({ state }) => state === 'delivered').length === 2 ? found : undefined;
    });
    expect(rows.find(({ state }) => state === 'failed')?.error).toMatch(/WhatsApp/);
    expect(rows[5]?.error).toBeTruthy();
    expect((await people.got(own)).slice(0, 2)).toEqual([
      ['Olá Silva; Ana, A-1 está pronto'],
      ['Hello Bob, A\n2 is ready'],
    ]);
    const { body: exported } = await server.call<string>(
      'GET',
      `/api/bulk-sends/${done.id}/export`,
    );
    expect(exported.split('\r\n')).toHaveLength(8);
    expect(exported).toContain(`"6","${a}","duplicate","repeated","The same number as in line 2"`);
  });

  it('pauses within one message, goes on where it was, and is cancelled', async () => {
    const { phones } = people;
    const isOurs = (text: string) => text.startsWith('paused');
    // Slow enough to be paused in the middle.
    await pacing({ jitterSeconds: 0.3 });
    const sentNow = async () => (await people.got(own, isOurs)).flat().length;
    const made = await bulk.make('shop', {
      name: 'To be paused',
      text: 'paused {{name}}',
      rows: rowsTo(phones),
    });
    await eventually('some are sent', async () => ((await sentNow()) >= 3 ? true : undefined));
    const before = await sentNow();
    const { body: paused } = await bulk.to(made.id, 'pause');
    expect(paused.state).toBe('paused');
    expect(paused.counts.pending).toBeGreaterThan(0);
    await sandbox.call('POST', '/api/settle', { timeoutMs: 30_000 });
    const after = await sentNow();
    // What was counted before is some milliseconds old: what the server had sent by the answer counts.
    expect(after).toBeLessThanOrEqual(phones.length - paused.counts.pending);
    expect(after).toBeGreaterThanOrEqual(before);
    expect((await bulk.to(made.id, 'pause')).status).toBe(409);
    expect((await bulk.to(made.id, 'resume')).body.state).toBe('running');
    await bulk.reaches(made.id, 'done');
    await pacing({ jitterSeconds: 0 });
    const got = await people.got(own, isOurs);
    expect(got).toEqual(phones.map((_, n) => [`paused Person ${n}`]));
    expect((await bulk.to(made.id, 'cancel')).status).toBe(409);
    const told = (await eventsOf(server, 'shop', 'bulk.state')).filter(
      ({ bulkId }) => bulkId === made.id,
    );
    expect(told.map(({ state }) => state)).toEqual(['running', 'paused', 'running', 'done']);
    expect(told[0]).toMatchObject({ name: 'To be paused', pausedBecause: null });
  });

  it('keeps one message ahead of the pace, and takes it back', async () => {
    await pacing({ perMinute: 1 });
    const isOurs = (text: string) => text.startsWith('slow');
    const made = await bulk.make('shop', {
      name: 'Slow',
      text: 'slow {{name}}',
      rows: rowsTo(people.phones),
    });
    const ahead = async () => (await bulk.get(made.id)).counts;
    await eventually('one waits', async () => ((await ahead()).queued === 1 ? true : undefined));
    const { body: paused } = await bulk.to(made.id, 'pause');
    expect(paused.counts.queued).toBe(0);
    await bulk.to(made.id, 'resume');
    await eventually('one waits again', async () =>
      (await ahead()).queued === 1 ? true : undefined,
    );
    const { body: cancelled } = await bulk.to(made.id, 'cancel');
    expect(cancelled.state).toBe('cancelled');
    await pacing({ perMinute: null });
    await bulk.reaches(made.id, ({ counts }) => counts.queued === 0);
    await sandbox.call('POST', '/api/settle', { timeoutMs: 30_000 });
    const { counts } = await bulk.get(made.id);
    const sent = (await people.got(own, isOurs)).flat().length;
    expect(counts.cancelled).toBe(people.phones.length - sent);
    expect(sent).toBeLessThanOrEqual(1);
  });

  it('refuses what is over the limits, unless it may take days', async () => {
    const { body } = await server.call<{ pacing: { today: number } }>(
      'GET',
      '/api/sessions/shop/outbox',
    );
    await pacing({ perDay: body.pacing.today + 5, perMinute: 60 });
    const what = { name: 'Too many', text: 'too many {{name}}', rows: rowsTo(people.phones) };
    const path = '/api/sessions/shop/bulk-sends';
    const refused = await server.call<ErrorBody>('POST', path, what);
    expect([refused.status, refused.body.error.code]).toEqual([409, 'bulk_over_limit']);
    expect(refused.body.error.message).toContain('12 messages, and the account may send 5');
    const spread = { ...what, spreadOverDays: true };
    const check = await server.call<BulkCheck>('POST', `${path}/check`, spread);
    expect(check.body.estimate).toMatchObject({ days: 2, leftOnFirstDay: 5, refusal: null });
    const made = await bulk.make('shop', spread);
    expect(Date.parse(made.endsAt ?? '')).toBeGreaterThan(Date.now());
    await bulk.reaches(made.id, ({ counts }) => counts.pending === 6 && counts.queued === 1);
    await bulk.to(made.id, 'cancel');
    await pacing({ perDay: null, perMinute: null, newChatsPerDay: 1 });
    const strangers = [await sandbox.phone(), await sandbox.phone()];
    const cold = await server.call<ErrorBody>('POST', path, { ...what, rows: rowsTo(strangers) });
    expect(cold.body.error.message).toContain('never written with');
    const known = await server.call<BulkCheck>('POST', `${path}/check`, {
      ...what,
      rows: rowsTo([people.phones[0] as string, ...strangers]),
    });
    expect(known.body.estimate).toMatchObject({ newChats: 2, messages: 3 });
    await pacing({ newChatsPerDay: null });
  });

  it('begins at its time, and not while it is paused', async () => {
    const rows = rowsTo(people.phones.slice(0, 2));
    const sendAt = new Date(Date.now() + 1500).toISOString();
    const made = await bulk.make('shop', { name: 'Later', text: 'later {{name}}', rows, sendAt });
    expect(made).toMatchObject({ state: 'scheduled', startedAt: null });
    expect((await bulk.to(made.id, 'pause')).body.state).toBe('paused');
    expect((await bulk.to(made.id, 'resume')).body.state).toBe('scheduled');
    const done = await bulk.reaches(made.id, 'done');
    expect(Date.parse(done.startedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(sendAt));
    expect((await server.call('DELETE', `/api/bulk-sends/${made.id}`)).status).toBe(200);
    expect((await server.call('GET', `/api/bulk-sends/${made.id}`)).status).toBe(404);
  });

  it('does not go on in the name of another number by itself', async () => {
    await server.linked(sandbox, 'moved', await sandbox.phone('Before'));
    const settings = '/api/sessions/moved/settings';
    await server.call('PUT', settings, { pacing: { perMinute: 1 } });
    const rows = rowsTo(people.phones.slice(0, 4));
    const made = await bulk.make('moved', { name: 'Moved', text: 'moved {{name}}', rows });
    await bulk.reaches(made.id, ({ counts }) => counts.pending === 2 && counts.queued === 1);
    await server.call('DELETE', '/api/sessions/moved/storage');
    const after = await sandbox.phone('After');
    await server.linked(sandbox, 'moved', after);
    await server.call('PUT', settings, { pacing: { perMinute: null } });
    const paused = await bulk.reaches(made.id, 'paused');
    const [last] = (await eventsOf(server, 'moved', 'bulk.state')).slice(-1);
    expect(last).toMatchObject({ bulkId: made.id, pausedBecause: 'number_changed' });
    expect(paused).toMatchObject({ pausedBecause: 'number_changed', counts: { pending: 2 } });
    expect((await people.got(after)).flat()).toEqual([]);
    expect((await bulk.to(made.id, 'resume')).body.pausedBecause).toBeNull();
    await bulk.reaches(made.id, 'done');
    expect((await people.got(after)).flat().sort()).toEqual(['moved Person 2', 'moved Person 3']);
  });

  it('finds the same states when the log is read again', async () => {
    const { kysely } = server.house.database;
    const states = () =>
      kysely
        .selectFrom('bulk_rows')
        .select(['bulk_id', 'number', 'state', 'error'])
        .orderBy('bulk_id')
        .orderBy('number')
        .execute();
    const before = await states();
    expect(before.some(({ state }) => state === 'delivered')).toBe(true);
    await server.house.database.write([
      {
        query: kysely
          .updateTable('bulk_rows')
          .set({ state: 'queued', error: null })
          .where('message_id', 'is not', null),
      },
      {
        query: kysely
          .updateTable('event_consumers')
          .set({ position: 0 })
          .where('name', '=', 'bulk'),
      },
    ]);
    await server.send('shop', people.phones[0] as string, 'wakes the reader');
    await eventually('all as before', async () =>
      JSON.stringify(await states()) === JSON.stringify(before) ? true : undefined,
    );
  });

  it('refuses what is no CSV, has no numbers, or nothing to send', async () => {
    const refusal = async (csv: string | Uint8Array<ArrayBuffer>, fields: object = {}) => {
      const all = { name: 'x', text: 'Hi {{name}}', ...fields };
      const answer = await bulk.ofFile<ErrorBody>('/api/sessions/shop/bulk-sends/csv', csv, all);
      return [answer.status, answer.body.error?.message];
    };
    expect(await refusal('')).toEqual([400, expect.stringContaining('empty')]);
    expect(await refusal('a,b\n"1,2')).toEqual([400, expect.stringMatching(/quot/i)]);
    expect(await refusal(new Uint8Array([0x70, 0xe9, 0x0a]))).toEqual([
      400,
      expect.stringContaining('UTF-8'),
    ]);
    expect(await refusal('who,name\n1,2')).toEqual([400, expect.stringContaining('phoneColumn')]);
    expect(await refusal('phone,name\nx,y')).toEqual([400, expect.stringContaining('line 2')]);
    expect(await refusal('phone\n1', { phoneColumn: 'nr' })).toEqual([
      400,
      expect.stringContaining('no column "nr"'),
    ]);
    expect(await refusal('phone\n1', { text: 'Hi {{first name}}' })).toEqual([
      400,
      expect.stringContaining('is no variable'),
    ]);
    const nobody = await server.call<BulkSend>('GET', '/api/bulk-sends?state=running');
    expect(nobody.body).toEqual({ bulkSends: [], after: null });
  });
});
