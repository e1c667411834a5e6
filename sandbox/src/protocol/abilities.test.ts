import '@patchbay/hardening';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountSettings } from '../phone/chat-settings.js';
import type { Companion } from '../phone/test-companion.js';
import { eventually, TestWorld } from '../testing/test-world.js';

const ANA = '51999500001';
const BEN = '51999500002';
const pn = (phone: string): string => `${phone}@s.whatsapp.net`;

describe('chat settings, pictures and calls with bare Baileys clients', () => {
  let world: TestWorld;
  let ana: Companion;
  let lidOfBen: string;

  beforeAll(async () => {
    world = await new TestWorld().start();
    await world.phone(ANA, 'Ana');
    await world.phone(BEN, 'Ben');
    await world.api('PUT', `/phones/${ANA}/labels`, { id: '1', name: 'New customer', color: 2 });
    ana = await world.linked(ANA);
    lidOfBen = world.sandbox.server.account(BEN)!.lid;
  });
  afterAll(() => world.end());

  const settings = () => world.api<AccountSettings>('GET', `/phones/${ANA}/settings`);

  it('a companion’s changes reach the phone', async () => {
    await ana.socket.chatModify({ archive: true, lastMessages: [] }, lidOfBen);
    await ana.socket.chatModify({ pin: true }, lidOfBen);
    await ana.socket.chatModify({ mute: 4_000_000_000_000 }, lidOfBen);
    await ana.socket.addChatLabel(lidOfBen, '1');
    await world.settle();
    expect((await settings()).chats[BEN]).toEqual({
      archived: true,
      pinned: true,
      mutedUntil: 4_000_000_000_000,
      labels: ['1'],
    });
  });

  it('the phone’s changes reach a companion, and another that links later', async () => {
    const heard: { archived?: boolean | null; unreadCount?: number | null }[] = [];
    ana.socket.ev.on('chats.update', (updates) => heard.push(...updates));
    const change = { chat: BEN, archived: false, unread: true };
    await world.api('PATCH', `/phones/${ANA}/settings`, change);
    // What the companion itself changed before may still be told to it.
    const tells = (name: 'archived' | 'unreadCount', value: unknown) =>
      heard.some((update) => update[name] === value);
    await ana.until('both', () => tells('archived', false) && tells('unreadCount', -1));
    expect(heard).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: lidOfBen, archived: false }),
        expect.objectContaining({ id: lidOfBen, unreadCount: -1 }),
      ]),
    );
    const labels: object[] = [];
    const later = world.companion();
    const qr = await later.until('a QR', () => later.qr);
    await world.api('POST', `/phones/${ANA}/scan`, { qr });
    await later.until('the connection', () => later.state === 'open');
    later.socket.ev.on('labels.edit', (label) => labels.push(label));
    await later.until('the label', () => labels.length > 0);
    expect(labels).toEqual([expect.objectContaining({ id: '1', name: 'New customer' })]);
  });

  it('a patch on an old version is refused', async () => {
    const stale = {
      tag: 'collection',
      attrs: { name: 'regular_low', version: '0', return_snapshot: 'false' },
      content: [{ tag: 'patch', attrs: {}, content: Buffer.from([]) }],
    };
    const answer = await ana.socket.query({
      tag: 'iq',
      attrs: { to: 's.whatsapp.net', type: 'set', xmlns: 'w:sync:app:state' },
      content: [{ tag: 'sync', attrs: {}, content: [stale] }],
    });
    expect(JSON.stringify(answer)).toContain('"code":"409"');
  });

  it('pictures and texts about people and groups', async () => {
    const picture = Buffer.from('not really a JPEG').toString('base64');
    await expect(ana.socket.profilePictureUrl(pn(BEN))).rejects.toThrow('item-not-found');
    await world.api('PATCH', `/phones/${BEN}/profile`, { about: 'At sea', picture });
    expect(await ana.socket.profilePictureUrl(pn(BEN))).toContain('/v/');
    expect(await ana.socket.fetchStatus(pn(BEN))).toMatchObject([{ status: { status: 'At sea' } }]);
    const { id } = await ana.socket.groupCreate('Pictures', [pn(BEN)]);
    const byMember = world.api('PATCH', `/groups/${id}`, { by: BEN, ephemeral: 86_400 });
    await expect(byMember).rejects.toThrow('403');
    await ana.socket.groupToggleEphemeral(id, 604_800);
    expect(await ana.socket.groupMetadata(id)).toMatchObject({ ephemeralDuration: 604_800 });
  });

  it('calls ring, are refused, and hung up', async () => {
    const heard: string[] = [];
    ana.socket.ev.on('call', (calls) => {
      for (const call of calls) heard.push(`${call.status} ${call.isVideo} ${call.callerPn}`);
    });
    const offered: { id: string; from: string }[] = [];
    ana.socket.ev.on('call', (calls) => offered.push(...calls));
    await world.api('POST', `/phones/${BEN}/calls`, { to: ANA, video: true });
    await ana.until('the call', () => offered.length === 1);
    await ana.socket.rejectCall(offered[0]!.id, offered[0]!.from);
    const states = async () =>
      (await world.api<{ calls: { state: string }[] }>('GET', `/phones/${BEN}/calls`)).calls.map(
        ({ state }) => state,
      );
    await eventually('the refusal', async () => (await states()).includes('rejected'));
    const { id } = await world.api<{ id: string }>('POST', `/phones/${BEN}/calls`, { to: ANA });
    await world.api('DELETE', `/phones/${BEN}/calls/${id}`);
    await ana.until('the end', () => heard.some((call) => call.startsWith('terminate')));
    expect(heard[0]).toBe(`offer true ${pn(BEN)}`);
  });
});
