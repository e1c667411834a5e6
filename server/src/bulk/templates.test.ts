import type {
  DeliveryDays,
  DeliveryGroups,
  ErrorBody,
  SendAnswer,
  Template,
  TemplatePage,
  TemplatePreview,
} from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { API_KEY } from '../testing/test-api.js';
import { TestPerson } from '../testing/test-person.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';
import { BulkCalls, Recipients } from './testing/bulk-calls.js';

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

describe.each(databases)('templates and delivery on %s', (database) => {
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
    people = await Recipients.make(sandbox, 3);
  }, 60_000);
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
  });

  const create = (body: object) => server.call<Template>('POST', '/api/templates', body);
  const english = (body: string) => [{ language: 'en', body }];

  it('are made, listed in pages, changed and deleted', async () => {
    const made = await create({ name: 'Bravo', variants: english('Hi {{name}}') });
    expect(made.status).toBe(201);
    expect(made.body.variables).toEqual([{ name: 'name', required: true, default: null }]);
    await create({ name: 'Alpha', variants: english('x') });
    expect((await create({ name: 'Alpha', variants: english('y') })).status).toBe(409);
    const page = (query: string) => server.call<TemplatePage>('GET', `/api/templates?${query}`);
    const first = (await page('limit=1')).body;
    expect(first.templates.map(({ name }) => name)).toEqual(['Alpha']);
    const next = (await page(`limit=1&after=${first.after}`)).body;
    expect(next.templates.map(({ name }) => name)).toEqual(['Bravo']);
    const path = `/api/templates/${made.body.id}`;
    const wrong = await server.call<ErrorBody>('PATCH', path, { variants: english('Hi {{nmae}}') });
    expect([wrong.status, wrong.body.error.message]).toEqual([
      400,
      '{{nmae}} in the text for en is not a variable of this template',
    ]);
    const changed = await server.call<Template>('PATCH', path, {
      variables: [{ name: 'name', default: 'friend' }],
    });
    expect(changed.body.variables[0]).toEqual({ name: 'name', required: false, default: 'friend' });
    expect((await server.call('PATCH', path, { name: 'Alpha' })).status).toBe(409);
    const preview = (body: object) =>
      server.call<TemplatePreview & ErrorBody>('POST', `${path}/preview`, body);
    expect((await preview({})).body.text).toBe('Hi friend');
    expect((await preview({ values: { who: 1 } })).body.error.message).toBe(
      'There is no variable who',
    );
    expect((await server.call('DELETE', path)).status).toBe(200);
    expect((await server.call('GET', path)).status).toBe(404);
  });

  it('are sent with their file, and what came of it is counted', async () => {
    const { body: template } = await create({ name: 'Picture', variants: english('For {{name}}') });
    const form = new FormData();
    form.append('file', new File([new Uint8Array(PIXEL)], 'p.png', { type: 'image/png' }));
    const set = await fetch(`${server.url}/api/templates/${template.id}/media`, {
      method: 'PUT',
      headers: { 'x-api-key': API_KEY },
      body: form,
    });
    expect(((await set.json()) as Template).media).toMatchObject({ type: 'image' });
    const sent = await bulk.make('shop', {
      name: 'Pictures',
      templateId: template.id,
      rows: [
        ...people.phones.map((phone, n) => ({ phone, values: { name: `Person ${n}` } })),
        { phone: '99955500099', values: { name: 'Nobody' } },
      ],
    });
    // What is sent was copied: a template that is gone changes nothing.
    expect((await server.call('DELETE', `/api/templates/${template.id}`)).status).toBe(200);
    await bulk.reaches(sent.id, 'done');
    await bulk.reaches(sent.id, ({ counts }) => counts.delivered === 3 && counts.failed === 1);
    const [phone] = people.phones as [string];
    const got = await sandbox.call<{ messages: { kind: string; text: string }[] }>(
      'GET',
      `/api/phones/${phone}/messages`,
    );
    expect(got.messages.at(-1)).toMatchObject({ kind: 'image', text: 'For Person 0' });
    await sandbox.call('POST', `/api/phones/${phone}/read`, { chat: own });
    const counts = { accepted: 4, sent: 3, delivered: 3, read: 1, failed: 1 };
    const days = async (query: string) =>
      (await server.call<DeliveryDays>('GET', `/api/delivery/days?days=2&${query}`)).body;
    const total = await eventually('the receipt of reading', async () => {
      const { total: found } = await days(`bulkId=${sent.id}`);
      return found.read === 1 ? found : undefined;
    });
    expect(total).toEqual(counts);
    const all = await days('sessionId=shop');
    expect(all.days).toHaveLength(2);
    expect(all.total).toEqual(counts);
    for (const [by, id] of [
      ['session', 'shop'],
      ['template', template.id],
      ['bulk', sent.id],
    ]) {
      const path = `/api/delivery/groups?days=1&by=${by}`;
      const { body } = await server.call<DeliveryGroups>('GET', path);
      expect(body.groups).toEqual([expect.objectContaining({ id, ...counts })]);
    }
  });

  it('are their owner’s alone, as what was sent is of who may use the account', async () => {
    const ada = await TestPerson.setUp(server);
    const ben = await ada.invites('agent', 'ben@example.org');
    const { body: of } = await create({ name: 'Mine', variants: english('x') });
    expect((await ben.call('GET', `/api/templates/${of.id}`)).status).toBe(404);
    const path = '/api/sessions/shop/bulk-sends/check';
    const body = { templateId: of.id, rows: [{ phone: people.phones[0] }] };
    expect((await ben.call('POST', path, body)).status).toBe(404);
    const seen = await ben.call<DeliveryDays>('GET', '/api/delivery/days');
    expect(seen.body.total.accepted).toBe(0);
    const shares = '/api/sessions/shop/shares';
    await server.call('PUT', shares, { everybody: true, userIds: [] });
    const foreign = await ben.call<ErrorBody>('POST', path, body);
    expect(foreign.body.error.code).toBe('template_not_found');
    expect(
      (await ben.call('POST', path, { ...body, templateId: undefined, text: 'Hi' })).status,
    ).toBe(200);
    const shared = await ben.call<DeliveryDays>('GET', '/api/delivery/days');
    expect(shared.body.total.accepted).toBe(4);
  });

  it('are sent to one, filled in, once under a key, and counted', async () => {
    const { body: template } = await create({
      name: 'Order',
      variants: [
        { language: 'en', body: '{{order}} is ready' },
        { language: 'pt-BR', body: '{{order}} está pronto' },
      ],
    });
    const [phone] = people.phones as [string];
    const send = (body: object, key: string) =>
      server.call<SendAnswer & ErrorBody>(
        'POST',
        '/api/sessions/shop/send-template?wait=delivered',
        { chatId: phone, templateId: template.id, ...body },
        { 'x-api-key': API_KEY, 'idempotency-key': key },
      );
    const unfilled = await send({}, 'k0');
    expect([unfilled.status, unfilled.body.error.code]).toEqual([400, 'template_invalid']);
    const unknown = await send({ templateId: crypto.randomUUID() }, 'k0');
    expect([unknown.status, unknown.body.error.code]).toEqual([404, 'template_not_found']);
    const order = { language: 'pt-BR', values: { order: 'A-17' } };
    const sent = await send(order, 'k1');
    expect([sent.status, sent.body.status]).toEqual([200, 'delivered']);
    expect((await server.call('DELETE', `/api/templates/${template.id}`)).status).toBe(200);
    expect((await send(order, 'k1')).body.messageId).toBe(sent.body.messageId);
    expect((await send({ ...order, language: 'en' }, 'k1')).status).toBe(409);
    const [got] = await people.got(own, (text) => text.includes('A-17'));
    expect(got).toEqual(['A-17 está pronto']);
    const { groups } = (
      await server.call<DeliveryGroups>('GET', '/api/delivery/groups?days=2&by=template')
    ).body;
    expect(groups).toContainEqual({
      id: template.id,
      name: 'Order',
      accepted: 1,
      sent: 1,
      delivered: 1,
      read: 0,
      failed: 0,
    });
    const { total } = (
      await server.call<DeliveryDays>('GET', `/api/delivery/days?days=2&templateId=${template.id}`)
    ).body;
    expect(total.delivered).toBe(1);
  });
});
