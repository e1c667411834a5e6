import type { Message, SendContent } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { longOn } from '../testing/databases.js';
import { KindsWorld } from '../testing/kinds-world.js';

const POLL: SendContent = {
  type: 'poll',
  name: 'Which?',
  options: ['a', 'b', 'ü'],
  selectableCount: 0,
};
const EVENT: SendContent = {
  type: 'event',
  name: 'Party',
  startsAt: '2027-01-02T18:00:00.000Z',
  extraGuestsAllowed: true,
};

describe.each(longOn('postgres'))('messages about messages on %s', (database) => {
  let world: KindsWorld;

  beforeAll(async () => {
    world = await KindsWorld.start(database);
  });
  afterAll(() => world.stop());

  const message = (id: string, fits?: (message: Message) => boolean) =>
    world.server.message('main', id, fits);
  const refusal = async (chatId: string, content: object, more?: object) => {
    const { status, body } = await world.ask(chatId, content, more);
    return { status, code: body.error?.code };
  };

  describe.each(['person', 'group'] as const)('with a %s', (where) => {
    const chat = () => (where === 'group' ? world.group : world.other);
    const chatOnPhone = () => (where === 'group' ? world.group : world.own);
    const theirs = async (content: object = { kind: 'text', text: 'theirs' }) => {
      const id = await world.say(world.other, chatOnPhone(), content);
      await message(id);
      return id;
    };
    const ours = async (content: SendContent = { type: 'text', text: 'ours' }) => {
      const id = await world.send(chat(), content);
      await world.onPhone(world.other, id);
      return id;
    };

    it('reactions, both ways, and taken back', async () => {
      const id = await ours();
      const given = await world.say(world.other, chatOnPhone(), {
        kind: 'reaction',
        target: id,
        emoji: '👍',
      });
      await message(id, ({ reactions }) => reactions[0]?.emoji === '👍');
      expect(await world.eventOfAction(given)).toMatchObject({
        name: 'message.reaction',
        data: { messageId: id, emoji: '👍', fromMe: false, senderName: 'Elena Rojas' },
      });
      await world.say(world.other, chatOnPhone(), { kind: 'reaction', target: id, emoji: '' });
      await message(id, ({ reactions }) => reactions.length === 0);

      const target = await theirs();
      const sent = await world.send(chat(), { type: 'reaction', targetId: target, emoji: '🎉' });
      await world.onPhone(world.other, target, (m) => Object.values(m.reactions ?? {})[0] === '🎉');
      expect((await message(target)).reactions).toMatchObject([{ emoji: '🎉', fromMe: true }]);
      expect(await world.eventOfAction(sent)).toMatchObject({ data: { source: 'api' } });
      await world.send(chat(), { type: 'reaction', targetId: target, emoji: '' });
      await world.onPhone(world.other, target, (m) => Object.keys(m.reactions ?? {}).length === 0);

      await world.say(world.own, chat(), { kind: 'reaction', target, emoji: '🙏' });
      await message(target, ({ reactions }) => reactions[0]?.emoji === '🙏');
    });

    it('edits, both ways, counted', async () => {
      const id = await theirs();
      const first = await world.say(world.other, chatOnPhone(), {
        kind: 'edit',
        target: id,
        text: 'better',
      });
      await world.say(world.other, chatOnPhone(), { kind: 'edit', target: id, text: 'best' });
      expect(await message(id, ({ edited }) => edited === 2)).toMatchObject({ content: 'best' });
      expect(await world.eventOfAction(first)).toMatchObject({
        name: 'message.edited',
        data: { messageId: id, content: 'better', fromMe: false },
      });

      const mine = await ours();
      const sent = await world.send(chat(), { type: 'edit', targetId: mine, text: 'new text' });
      await world.onPhone(world.other, mine, (m) => m.text === 'new text' && m.edited === 1);
      await world.onPhone(world.own, mine, (m) => m.text === 'new text');
      expect(await message(mine)).toMatchObject({ content: 'new text', edited: 1 });
      expect(await world.eventOfAction(sent)).toMatchObject({
        data: { content: 'new text', source: 'api' },
      });

      const phoneText = await world.say(world.own, chat(), {
        kind: 'text',
        text: 'from the phone',
      });
      await message(phoneText);
      await world.say(world.own, chat(), { kind: 'edit', target: phoneText, text: 'again' });
      await message(phoneText, ({ content, fromMe }) => fromMe && content === 'again');
    });

    it('deletes for everyone, both ways', async () => {
      const id = await theirs({ kind: 'text', text: 'secret' });
      const revoked = await world.say(world.other, chatOnPhone(), { kind: 'revoke', target: id });
      const gone = await message(id, ({ deleted }) => deleted === true);
      expect(gone).toMatchObject({ type: 'revoked', content: '' });
      expect(await world.eventOfAction(revoked)).toMatchObject({
        name: 'message.deleted',
        data: { messageId: id, byAdmin: false },
      });
      const { body } = await world.server.call<Message>(
        'GET',
        `/api/sessions/main/messages/${id}?raw=1`,
      );
      expect(body.raw).toBeUndefined();

      const mine = await ours();
      await world.send(chat(), { type: 'revoke', targetId: mine });
      await world.onPhone(world.other, mine, (m) => m.revoked === true && m.text === '');
      expect(await message(mine)).toMatchObject({ deleted: true, content: '' });
    });

    it('counts votes in our poll', async () => {
      const id = await ours(POLL);
      const vote = await world.say(world.other, chatOnPhone(), {
        kind: 'poll_vote',
        target: id,
        options: ['a', 'ü'],
      });
      const voters = (m: Message) => m.poll?.options.map((option) => option.voters.length);
      await message(id, (m) => voters(m)?.join() === '1,0,1');
      expect(await world.eventOfAction(vote)).toMatchObject({
        name: 'poll.vote',
        data: { messageId: id, options: ['a', 'ü'], senderName: 'Elena Rojas' },
      });
      await world.say(world.other, chatOnPhone(), {
        kind: 'poll_vote',
        target: id,
        options: ['b'],
      });
      await message(id, (m) => voters(m)?.join() === '0,1,0');
      await world.say(world.own, chat(), { kind: 'poll_vote', target: id, options: ['b'] });
      expect((await message(id, (m) => voters(m)?.join() === '0,2,0')).poll?.ownVote).toEqual([
        'b',
      ]);
      await world.say(world.other, chatOnPhone(), { kind: 'poll_vote', target: id, options: [] });
      await message(id, (m) => voters(m)?.join() === '0,1,0');
    });

    it('votes in the polls of others', async () => {
      const id = await theirs({ kind: 'poll', name: 'Which?', options: ['x', 'y'] });
      await world.send(chat(), { type: 'poll_vote', targetId: id, options: ['y'] });
      const seen = await world.onPhone(world.other, id, (m) => m.votes !== undefined);
      expect(seen.votes).toEqual({ [world.own]: ['y'] });
      expect((await message(id)).poll).toMatchObject({
        ownVote: ['y'],
        options: [{ name: 'x', voters: [] }, { name: 'y' }],
      });
      expect(await refusal(chat(), { type: 'poll_vote', targetId: id, options: ['z'] })).toEqual({
        status: 400,
        code: 'unknown_option',
      });
      const both = { type: 'poll_vote', targetId: id, options: ['x', 'y'] };
      expect(await refusal(chat(), both)).toEqual({ status: 400, code: 'invalid_request' });
    });

    it('answers events, both ways', async () => {
      const mine = await ours(EVENT);
      const answered = await world.say(world.other, chatOnPhone(), {
        kind: 'event_response',
        target: mine,
        response: 'going',
        extraGuests: 2,
      });
      const seen = await message(mine, (m) => m.event?.responses.length === 1);
      expect(seen.event?.responses).toMatchObject([
        { fromMe: false, response: 'going', extraGuests: 2 },
      ]);
      expect(await world.eventOfAction(answered)).toMatchObject({
        name: 'event.response',
        data: { response: 'going', extraGuests: 2 },
      });

      const event = { name: 'Lunch', startsAt: '2027-01-02T12:00:00.000Z' };
      const id = await theirs({ kind: 'event', event });
      await world.send(chat(), { type: 'event_response', targetId: id, response: 'not_going' });
      const shown = await world.onPhone(world.other, id, (m) => m.responses !== undefined);
      expect(shown.responses).toEqual({ [world.own]: { response: 'not_going', extraGuests: 0 } });
    });

    it('pins, both ways', async () => {
      const id = await theirs();
      await world.say(world.other, chatOnPhone(), { kind: 'pin', target: id, pinned: true });
      expect((await message(id, ({ pinned }) => !!pinned)).pinned?.until).toBeTruthy();
      await world.say(world.other, chatOnPhone(), { kind: 'pin', target: id, pinned: false });
      await message(id, ({ pinned }) => !pinned);
      const sent = await world.send(chat(), { type: 'pin', targetId: id, pinned: true });
      await world.onPhone(world.other, id, (m) => m.pinned === true);
      expect(await world.eventOfAction(sent)).toMatchObject({ name: 'message.pinned' });
    });

    it('forwards', async () => {
      const id = await theirs({
        kind: 'location',
        place: { latitude: 1, longitude: 2, name: 'X' },
      });
      const path = `/api/sessions/main/messages/${id}/forward`;
      const { status, body } = await world.server.call<{ messageId: string }>('POST', path, {
        chatId: world.third,
      });
      expect(status).toBe(202);
      const got = await world.onPhone(world.third, body.messageId);
      expect(got).toMatchObject({ kind: 'location', place: { name: 'X' }, forwarded: 1 });
      expect(await message(body.messageId)).toMatchObject({ forwarded: true, forwardingScore: 1 });
    });

    it('refuses what cannot be, and changes nothing', async () => {
      const id = await theirs();
      const mine = await ours(POLL);
      const before = await world.events();
      const count = before.length;
      const edit = { type: 'edit', targetId: id, text: 'x' };
      expect(await refusal(chat(), edit)).toEqual({ status: 403, code: 'message_not_yours' });
      for (const content of [
        { type: 'edit', targetId: 'nope', text: 'x' },
        { type: 'revoke', targetId: 'nope' },
        { type: 'reaction', targetId: 'nope', emoji: '👍' },
        { type: 'poll_vote', targetId: 'nope', options: [] },
        { type: 'text', text: 'x', quotedMessageId: 'nope' },
      ]) {
        expect(await refusal(chat(), content)).toEqual({ status: 404, code: 'message_not_found' });
      }
      for (const content of [
        { type: 'edit', targetId: mine, text: 'x' },
        { type: 'poll_vote', targetId: id, options: [] },
        { type: 'event_response', targetId: id, response: 'going' },
      ]) {
        expect(await refusal(chat(), content)).toEqual({ status: 409, code: 'wrong_kind' });
      }
      for (const content of [
        { type: 'poll', name: 'p', options: ['only one'] },
        { type: 'poll', name: 'p', options: ['same', 'same'] },
        { type: 'poll', name: 'p', options: ['a', 'b'], selectableCount: 3 },
        { type: 'location', latitude: 91, longitude: 0 },
        { type: 'contact', contacts: [] },
        { type: 'nothing' },
      ]) {
        expect(await refusal(chat(), content)).toEqual({ status: 400, code: 'invalid_request' });
      }
      expect(await refusal(world.third, edit)).toEqual({ status: 404, code: 'message_not_found' });
      const news = (await world.events()).slice(count);
      expect(news.filter(({ name }) => name !== 'message.status')).toEqual([]);
    });
  });

  it('nobody changes what somebody else wrote', async () => {
    const id = await world.say(world.other, world.group, { kind: 'text', text: 'mine' });
    await message(id);
    for (const kind of ['edit', 'revoke']) {
      await world.say(world.third, world.group, { kind, target: id, text: 'not yours' });
    }
    const last = await world.say(world.third, world.group, { kind: 'text', text: 'after' });
    await message(last);
    const unchanged = await message(id);
    expect(unchanged).toMatchObject({ content: 'mine', type: 'text' });
    expect(unchanged.edited).toBeUndefined();
  });

  it('the admin of a group deletes what somebody else wrote', async () => {
    const id = await world.say(world.other, world.group, { kind: 'text', text: 'rude' });
    await message(id);
    // The first participant, our number, has created the group.
    await world.send(world.group, { type: 'revoke', targetId: id });
    await world.onPhone(world.other, id, (m) => m.revoked === true);
    expect(await message(id)).toMatchObject({ deleted: true });
    expect(
      await refusal(world.other, { type: 'revoke', targetId: await firstOf(world.other) }),
    ).toEqual({ status: 403, code: 'message_not_yours' });
  });

  async function firstOf(phone: string): Promise<string> {
    const id = await world.say(phone, world.own, { kind: 'text', text: 'one' });
    await message(id);
    return id;
  }

  it('answers under the same id after the message was sent twice', async () => {
    await world.sandbox.call('POST', '/api/faults', { kind: 'ack_missing', phone: world.own });
    const id = await world.send(world.other, POLL);
    await world.onPhone(world.other, id);
    await world.say(world.other, world.own, { kind: 'poll_vote', target: id, options: ['a'] });
    await message(id, (m) => m.poll?.options[0]?.voters.length === 1);
  });
});
