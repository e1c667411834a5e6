import { expect, it } from 'vitest';
import type { EngineAbilities } from '../engine-abilities.js';
import { EngineError } from '../engine-error.js';
import type { EngineMessage } from '../engine-events.js';
import type { Linked } from './contract-basics.js';
import { until } from './engine-contract-host.js';
import { type EngineWorld, pn } from './engine-world.js';

const UNSUPPORTED = Symbol('unsupported');

/** What an engine says honestly that it cannot do. */
async function orUnsupported<T>(asked: Promise<T>): Promise<T | typeof UNSUPPORTED> {
  return await asked.catch((error) => {
    if (error instanceof EngineError && error.code === 'unsupported') return UNSUPPORTED;
    throw error;
  });
}

type Had = Pick<Linked, 'session' | 'phone' | 'friend'>;

/** Part of the contract: what is beside messages. A group that an engine has not is left out. */
export function abilities(world: EngineWorld): void {
  /** A linked session whose engine has an ability, and a friend; undefined when it has it not. */
  async function having<Name extends keyof EngineAbilities>(name: Name) {
    const names = { own: 'Ivo', friend: 'Jana' };
    const { session, engine, phone, friend } = await world.linkedWithFriend(names);
    const ability = engine.abilities[name];
    return ability && { phone, friend, session, ability: ability as NonNullable<typeof ability> };
  }

  it('makes and changes groups, and tells what others change', async () => {
    const found = await having('groups');
    if (!found) return;
    const { session, friend, ability: groups } = found;
    const group = await groups.create('First name', [pn(friend)]);
    expect(group.participants.map(({ role }) => role).sort()).toEqual(['member', 'superadmin']);
    await groups.setSubject(group.jid, 'Second name');
    await groups.setDescription(group.jid, 'About');
    const timer = await orUnsupported(groups.setEphemeral(group.jid, 86_400));
    const promoted = await groups.changeParticipants(group.jid, 'promote', [pn(friend)]);
    expect(promoted.map(({ code }) => code)).toEqual([200]);
    expect(await groups.fetch(group.jid)).toMatchObject({
      subject: 'Second name',
      description: 'About',
      ephemeralSeconds: timer === UNSUPPORTED ? 0 : 86_400,
    });
    await world.api('PATCH', `/groups/${group.jid}`, { by: friend, subject: 'Third name' });
    const changed = await session.event(
      'group-changed',
      ({ change }) => change.subject === 'Third name',
    );
    expect(changed).toMatchObject({ jid: group.jid, change: { subject: 'Third name' } });
    const demotion = { by: friend, action: 'demote', phones: [friend] };
    await world.api('POST', `/groups/${group.jid}/members`, demotion);
    const demoted = await session.event('group-participants', (e) => e.action === 'demote');
    expect(demoted).toMatchObject({ jid: group.jid, action: 'demote', includesMe: false });
    const code = await groups.inviteCode(group.jid);
    expect(await groups.join(code)).toEqual({ jid: group.jid, pending: false });
    await groups.leave(group.jid);
    await expect(groups.fetch(group.jid)).rejects.toMatchObject({ code: 'not-allowed' });
  });

  it('knows who is on WhatsApp, and blocks', async () => {
    const found = await having('contacts');
    if (!found) return;
    const { friend, ability: contacts } = found;
    expect(await contacts.check([friend, '99988877700011'])).toEqual([
      { phone: friend, exists: true, jid: pn(friend) },
      { phone: '99988877700011', exists: false },
    ]);
    const none = await orUnsupported(contacts.picture(pn(friend), 'preview'));
    if (none === UNSUPPORTED) return;
    expect(none).toBeUndefined();
    const picture = Buffer.from('a picture').toString('base64');
    await world.api('PATCH', `/phones/${friend}/profile`, { about: 'Away', picture });
    const got = await contacts.picture(pn(friend), 'preview');
    expect(Buffer.from(got?.bytes ?? []).toString()).toBe('a picture');
    expect(await contacts.about(pn(friend))).toMatchObject({ text: 'Away' });
    await contacts.setBlocked(pn(friend), true);
    expect(await contacts.blocked()).toHaveLength(1);
    await contacts.setBlocked(pn(friend), false);
    expect(await contacts.blocked()).toEqual([]);
  });

  it('shares the settings of chats with the phone, both ways', async () => {
    const found = await having('chats');
    if (!found) return;
    const { session, phone, friend, ability: chats } = found;
    await chats.setArchived(pn(friend), true);
    await chats.setMuted(pn(friend), -1);
    const settings = () =>
      world.api<{ chats: Record<string, object> }>('GET', `/phones/${phone}/settings`);
    const seen = await until('settings on the phone', 10_000, async () => {
      const { [friend]: one } = (await settings()).chats;
      return one && 'mutedUntil' in one ? one : undefined;
    });
    expect(seen).toMatchObject({ archived: true, mutedUntil: -1 });
    await world.api('PATCH', `/phones/${phone}/settings`, { chat: friend, pinned: true });
    const told = await session.event('chat-settings', (event) =>
      event.chats.some(({ pinned }) => pinned === true),
    );
    expect([told.chats[0]?.jid, told.chats[0]?.altJid]).toContain(pn(friend));
  });

  it('shares labels with the phone', async () => {
    const found = await having('labels');
    if (!found) return;
    const { session, phone, ability: labels } = found;
    await labels.set({ id: '3', name: 'New', color: 4 });
    await until('the label on the phone', 10_000, async () => {
      const path = `/phones/${phone}/settings`;
      return (await world.api<{ labels: Record<string, object> }>('GET', path)).labels['3'];
    });
    await world.api('PUT', `/phones/${phone}/labels`, { id: '4', name: 'Paid' });
    const told = await session.event('label');
    expect(told).toMatchObject({ id: '4', name: 'Paid', deleted: false });
  });

  it('tells who comes and goes', async () => {
    const found = await having('presence');
    if (!found) return;
    const { session, friend, ability: presence } = found;
    await presence.watch(pn(friend));
    await world.api('PATCH', `/phones/${friend}/profile`, { available: false });
    await session.event('presence', ({ available }) => !available);
    await world.api('PATCH', `/phones/${friend}/profile`, { available: true });
    await session.event('presence', ({ available }) => available);
  });

  it('tells of calls and refuses them', async () => {
    const found = await having('calls');
    if (!found) return;
    const { session, phone, friend, ability: calls } = found;
    await expect(calls.reject('none')).rejects.toMatchObject({ code: 'not-found' });
    const path = `/phones/${friend}/calls`;
    const { id } = await world.api<{ id: string }>('POST', path, { to: phone, video: true });
    const offered = await session.event('call', ({ callId }) => callId === id);
    expect(offered).toMatchObject({ status: 'offered', video: true, group: false });
    expect([offered.fromJid, offered.fromAltJid]).toContain(pn(friend));
    await until('the refusal', 10_000, async () => {
      // The engine learns of a call only once its event is stored.
      await calls.reject(id).catch(() => undefined);
      const all = (await world.api<{ calls: { id: string; state: string }[] }>('GET', path)).calls;
      return all.find((call) => call.id === id && call.state === 'rejected');
    });
  });

  /** The oldest message of a chat that is known, with older ones somewhere. */
  async function oldestKnown({ session, phone, friend }: Had): Promise<EngineMessage> {
    if (world.traits.speaksTheWire) {
      const old = { messages: 4, chats: 1, portion: 4, kept: 10 };
      await world.api('POST', `/phones/${phone}/history`, old);
      const given = await session.event('history-sync', ({ messages }) => messages.length > 3);
      if (given.messages[0]) return given.messages[0];
    }
    for (const text of ['first', 'second', 'third', 'last']) {
      await world.api('POST', `/phones/${friend}/messages`, { to: phone, text });
    }
    const { message } = await session.event(
      'message',
      ({ message: { content } }) => content.type === 'text' && content.text === 'last',
    );
    return message;
  }

  it('asks for older messages', async () => {
    const found = await having('history');
    if (!found) return;
    const { session, ability: history } = found;
    const oldest = await oldestKnown(found);
    const requestId = await history.request(oldest.chatJid, oldest, 3);
    const answer = await session.event('history-sync', (event) => event.requestId === requestId);
    expect(answer.done).toBe(true);
    expect(answer.messages).toHaveLength(3);
    for (const message of answer.messages) {
      expect(message.timestamp).toBeLessThanOrEqual(oldest.timestamp);
      expect(message.id).not.toBe(oldest.id);
    }
  });
}
