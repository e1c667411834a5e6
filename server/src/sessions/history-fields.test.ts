import type { Chat, Message } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { longOn } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { KindsWorld } from '../testing/kinds-world.js';
import { TestServer } from '../testing/test-server.js';

/** Another server, linked when everything has happened: what it has, it has from the history. */
describe.each(longOn('postgres'))(
  'a history with all that was done to its messages, on %s',
  (database) => {
    let world: KindsWorld;
    let later: TestServer;
    /** Told in the order in which they were said. */
    const said: string[] = [];

    const say = async (phone: string, to: string, content: object) => {
      const id = await world.say(phone, to, content);
      await world.server.message('main', await shownAs(id, content));
      return id;
    };
    /** What acts on another message is no message of its own. */
    const shownAs = async (id: string, content: object) => {
      if (!('target' in content)) {
        said.push(id);
        return id;
      }
      await world.eventOfAction(id);
      return content.target as string;
    };

    beforeAll(async () => {
      world = await KindsWorld.start(database);
      const { own, other, third, group } = world;
      for (const [to, back] of [
        [own, other],
        [group, group],
      ] as const) {
        const answered = await say(other, to, { kind: 'text', text: 'with answers' });
        await say(own, back, { kind: 'reaction', target: answered, emoji: '👍' });
        await say(other, to, { kind: 'reaction', target: answered, emoji: '🎉' });
        const edited = await say(other, to, { kind: 'text', text: 'before' });
        await say(other, to, { kind: 'edit', target: edited, text: 'after' });
        const gone = await say(own, back, { kind: 'text', text: 'never said' });
        await say(own, back, { kind: 'revoke', target: gone });
        const poll = { kind: 'poll', name: 'Which?', options: ['a', 'b'], selectableCount: 0 };
        const asked = await say(own, back, poll);
        await say(other, to, { kind: 'poll_vote', target: asked, options: ['b', 'a'] });
        const when = '2027-01-02T18:00:00.000Z';
        const event = { name: 'Party', startsAt: when, extraGuestsAllowed: true };
        const invited = await say(other, to, { kind: 'event', event });
        const going = { response: 'going', extraGuests: 2 };
        await say(own, back, { kind: 'event_response', target: invited, ...going });
        await say(own, back, { kind: 'text', text: 'answer', quoted: answered });
        await say(other, to, { kind: 'pin', target: answered, pinned: true, seconds: 604_800 });
      }
      await say(third, own, { kind: 'text', text: 'unread' });
      await say(third, own, { kind: 'text', text: 'unread too' });
      const change = { chat: third, archived: true, mutedUntil: -1 };
      await world.sandbox.call('PATCH', `/api/phones/${own}/settings`, change);
      const pinned = { chat: other, pinned: true };
      await world.sandbox.call('PATCH', `/api/phones/${own}/settings`, pinned);
      later = await TestServer.start(world.sandbox, { database });
      await later.linked(world.sandbox, 'main', own);
    });
    afterAll(async () => {
      await later.stop();
      await world.stop();
    });

    it('has every message as it is now', async () => {
      for (const id of said) {
        const live = await world.server.message('main', id);
        const old = await later.message('main', id);
        expect(comparable(old)).toEqual(comparable(live));
      }
      const { events } = (
        await later.call<{ events: { name: string; data: { source?: string } }[] }>(
          'GET',
          '/api/events?after=0&limit=500',
        )
      ).body;
      const sources = events.flatMap(({ data }) => (data.source ? [data.source] : []));
      expect(sources.length).toBeGreaterThan(said.length);
      expect(new Set(sources)).toEqual(new Set(['history']));
    });

    it('has the chats as they are set', async () => {
      const chatOn = async (server: TestServer, phone: string) => {
        const { body } = await server.call<{ chats: Chat[] }>('GET', '/api/sessions/main/chats');
        const chat = body.chats.find((one) => one.phone === phone);
        if (!chat) throw new Error(`no chat with ${phone}`);
        return chat;
      };
      for (const phone of [world.third, world.other]) {
        const live = await eventually('settings at the first server', async () => {
          const chat = await chatOn(world.server, phone);
          return chat.archived || chat.pinned ? chat : undefined;
        });
        const { archived, pinned, muted, mutedUntil, unreadCount } = live;
        expect(await chatOn(later, phone)).toMatchObject({
          archived,
          pinned,
          muted,
          mutedUntil,
          unreadCount,
        });
      }
    });
  },
);

/** Without what is told of the moment at which it came. */
function comparable({ reactions, ...message }: Message) {
  return { ...message, reactions: reactions.toSorted((a, b) => a.emoji.localeCompare(b.emoji)) };
}
