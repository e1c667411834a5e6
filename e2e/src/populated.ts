import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { apiOf } from './api.js';
import { linkAccount } from './link-account.js';
import { painted } from './pictures.js';
import type { Product } from './product.js';
import { Sandbox } from './sandbox.js';

const SHOP = '51900000201';
const SUPPORT = '51900000202';
const LUCIA = '51987650001';
const SOFIA = '51987650006';

/** Who writes, to which of our numbers, and what. */
const PEOPLE = [
  [LUCIA, 'Lucía Fernández', SHOP, 'Do you ship to Cusco?'],
  ['51987650002', 'Mateo Quispe', SUPPORT, 'The second box never came 😕'],
  ['51987650003', 'محمد العلي', SHOP, 'هل المتجر مفتوح يوم الجمعة؟'],
  [
    '51987650004',
    'El Rincón de los Sabores Peruanos y Marinos, Miraflores',
    SUPPORT,
    'Could you send the invoice of last month again, please? The one that we have has no tax number on it, and our accountant will not take it.',
  ],
  ['51987650005', 'Ivo', SHOP, 'ok'],
  [SOFIA, 'Sofía Ramos', SUPPORT, 'Thank you so much!'],
  ['4915112345678', 'Jürgen Groß', SHOP, 'Is the blue one back in stock?'],
  ['79161234567', 'Ольга Петрова', SHOP, 'Здравствуйте! Синий ещё есть?'],
  ['5511912345678', 'João Araújo', SUPPORT, 'Bom dia! Vocês entregam no sábado?'],
  ['972501234567', 'נועה כהן', SUPPORT, 'אפשר לשנות את הכתובת?'],
  ['447911123456', 'Priya Natarajan', SHOP, 'Perfect, see you at 5'],
  ['33612345678', 'Éloïse Lefèvre-Castelnau', SUPPORT, 'Merci, c’est noté.'],
] as const;

export interface Populated {
  /** Sessions: two that are connected, one that waits for its scan. */
  shop: string;
  waiting: string;
  /** Addresses of chats, as `?chat=` has them. */
  lucia: string;
  group: string;
  webhook: string;
  chatbot: string;
}

/** Accounts, chats of all kinds, a team's work on them, and what an admin has set up. */
export async function populate(product: Product, page: Page): Promise<Populated> {
  const sandbox = new Sandbox(product.sandboxUrl);
  const call = apiOf(product);
  await sandbox.addPhone(SHOP, 'Shop phone');
  await sandbox.addPhone(SUPPORT, 'Support phone');
  for (const [phone, name] of PEOPLE) await sandbox.addPhone(phone, name);
  const shop = await linkAccount(product, sandbox, 'Front desk', SHOP);
  await linkAccount(product, sandbox, 'Support', SUPPORT);
  const { id: waiting } = await call<{ id: string }>('POST', '/accounts', {
    displayName: 'Workshop, second floor',
  });
  for (const [phone, , to, text] of PEOPLE) await sandbox.write(phone, to, text);
  const group = await sandbox.makeGroup('Warehouse team', [LUCIA, SHOP, SOFIA]);
  await sandbox.write(SOFIA, group, 'Pallets for Thursday are ready');
  await sandbox.say(LUCIA, group, {
    kind: 'text',
    text: `@${SOFIA} great, I will tell @${SHOP}`,
    mentions: [SOFIA, SHOP],
  });
  const chats = async () =>
    (
      await call<{ chats: { id: string; sessionId: string; name: string; isGroup: boolean }[] }>(
        'GET',
        '/chats?limit=100',
      )
    ).chats;
  await expect.poll(async () => (await chats()).length, { timeout: 30_000 }).toBe(13);
  const found = await chats();
  const chatOf = (name: string) => {
    const chat = found.find((each) => each.name.startsWith(name));
    if (!chat) throw new Error(`There is no chat with ${name}`);
    return { ...chat, path: `/sessions/${chat.sessionId}/chats/${encodeURIComponent(chat.id)}` };
  };
  const lucia = chatOf('Lucía');
  await converse(product, sandbox, page, lucia);
  await workAsATeam(product, chatOf);
  const { id: webhook } = await call<{ id: string }>('POST', '/webhooks', {
    name: 'Order system',
    // Nobody listens there: its deliveries fail.
    url: 'http://127.0.0.1:9/orders',
  });
  await call('POST', '/keys', { name: 'Order system', actions: ['read', 'send'] });
  await call('POST', '/invitations', { role: 'agent', email: 'ben@example.org' });
  const { id: chatbot } = await call<{ id: string }>('POST', '/chatbots', {
    sessionId: shop,
    name: 'Helper of the shop',
    responder: 'ai',
    ai: { baseUrl: 'http://127.0.0.1:9/v1', model: 'small' },
  });
  const key = (chat: { sessionId: string; id: string }) => `${chat.sessionId}/${chat.id}`;
  const open = { lucia: key(lucia), group: key(chatOf('Warehouse')) };
  return { shop, waiting, ...open, webhook, chatbot };
}

/** A thread with most of what a thread can have. */
async function converse(
  product: Product,
  sandbox: Sandbox,
  page: Page,
  chat: { sessionId: string; id: string },
): Promise<void> {
  const call = apiOf(product);
  const send = async (text: string, more: object = {}) => {
    const path = `/sessions/${chat.sessionId}/send/text?wait=sent`;
    await call('POST', path, { chatId: chat.id, text, ...more });
  };
  await send('Good morning, Lucía! Yes, *every Tuesday*. It takes two to three days.');
  const question = await sandbox.write(LUCIA, SHOP, 'And what does it cost for 12 kg?');
  for (const hue of [212, 280, 330]) {
    const facts = { kind: 'image', mimetype: 'image/jpeg', width: '800', height: '500' };
    const caption = hue === 212 && { caption: 'The harbour, where we would pick it up' };
    await sandbox.sendFile(LUCIA, SHOP, await painted(page, hue), { ...facts, ...caption });
  }
  await sandbox.sendFile(LUCIA, SHOP, Buffer.from('%PDF-1.4'), {
    kind: 'document',
    mimetype: 'application/pdf',
    filename: 'Order 2291 – list of everything that has to fit into the boxes.pdf',
  });
  await sandbox.say(LUCIA, SHOP, {
    kind: 'location',
    place: { latitude: -13.516, longitude: -71.978, name: 'Plaza de Armas', address: 'Cusco' },
  });
  await sandbox.say(LUCIA, SHOP, {
    kind: 'poll',
    name: 'Which day suits you?',
    options: ['Tuesday', 'Thursday', 'I do not mind'],
  });
  await stored(product, chat.sessionId, question);
  await send('S/ 38 for up to 15 kg. Prices: https://example.org/prices', {
    quotedMessageId: question,
  });
  const thanks = await sandbox.write(LUCIA, SHOP, 'Wonderful, then I take two 🙌');
  await stored(product, chat.sessionId, thanks);
}

async function stored({ url, apiKey }: Product, session: string, id: string): Promise<void> {
  const path = `${url}/api/sessions/${session}/messages/${id}`;
  const status = async () => (await fetch(path, { headers: { 'x-api-key': apiKey } })).status;
  await expect.poll(status, { timeout: 15_000 }).toBe(200);
}

async function workAsATeam(
  product: Product,
  chatOf: (name: string) => { path: string },
): Promise<void> {
  const call = apiOf(product);
  const { userId } = await call<{ userId: string }>('GET', '/me');
  const label = async (name: string, color: string) =>
    (await call<{ id: string }>('POST', '/team/labels', { name, color })).id;
  const wholesale = await label('Wholesale', '#0f766e');
  const complaint = await label('Complaint', '#c2410c');
  await call('POST', '/team/canned-replies', {
    shortcut: 'hours',
    text: 'Hello {{name}}, we are open from nine to six.',
    shared: true,
  });
  await call('PATCH', `${chatOf('Lucía').path}/team`, {
    assigneeId: userId,
    addLabels: [wholesale],
  });
  await call('POST', `${chatOf('Lucía').path}/notes`, {
    text: 'Has bought from us since 2019. Give her the old price.',
  });
  await call('PATCH', `${chatOf('Mateo').path}/team`, {
    status: 'pending',
    addLabels: [complaint, wholesale],
  });
  await call('POST', `${chatOf('Jürgen').path}/notes`, { text: 'Asked Ana, back on Monday' });
  await call('PATCH', `${chatOf('Éloïse').path}/team`, { status: 'resolved' });
  await call('PATCH', chatOf('Priya').path, { pinned: true });
}
