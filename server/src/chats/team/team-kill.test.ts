import type { Chat, Note, NotePage } from '@patchbay/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { longOn } from '../../testing/databases.js';
import { eventsOf } from '../../testing/events-of.js';
import { ProcessPair } from '../../testing/process-pair.js';
import { pnJidOf } from '../../whatsapp/jid.js';

/** Milliseconds from the beginning of the changes to the death. */
const DEATHS = [10, 40];
const CHATS = 3;

describe.each(longOn('postgres'))('team work after SIGKILL on %s', (name) => {
  let pair: ProcessPair;
  let own: string;

  beforeAll(async () => {
    pair = await ProcessPair.start(name);
    own = await pair.sandbox.phone('Own number');
    await pair.server.linked(pair.sandbox, 'main', own);
  });
  afterAll(async () => {
    await pair.stop();
  });

  const call = <T>(method: string, path: string, body?: object) =>
    pair.server.call<T>(method, `/api/sessions/main/chats/${path}`, body);
  /** Changes a chat until the server is gone; what it was told of last. */
  const work = async (phone: string, dying: () => boolean) => {
    const done: { status?: string; notes: string[] } = { notes: [] };
    for (let n = 0; !dying(); n += 1) {
      const status = n % 2 ? 'pending' : 'resolved';
      try {
        await call('PATCH', `${phone}/team`, { status });
        done.status = status;
        const { body } = await call<Note>('POST', `${phone}/notes`, { text: `note ${n}` });
        done.notes.push(body.id);
      } catch {
        return done;
      }
    }
    return done;
  };

  it('keeps what it answered, and for each change its event', async () => {
    for (const death of DEATHS) {
      const phones: string[] = [];
      for (let n = 0; n < CHATS; n += 1) phones.push(await pair.sandbox.phone(`Friend ${n}`));
      for (const phone of phones) {
        expect((await pair.server.call('POST', '/api/sessions/main/chats', { phone })).status).toBe(
          200,
        );
      }
      let isDying = false;
      const working = phones.map((phone) => work(phone, () => isDying));
      const writing = pair.sandbox.write(phones[0] as string, { to: own, text: 'open it again' });
      await new Promise((resolve) => setTimeout(resolve, death));
      isDying = true;
      await pair.serverProcess.kill();
      const done = await Promise.all(working);
      const written = await writing;
      await pair.startServer();
      await pair.server.message('main', written);

      const states = await eventsOf(pair.server, 'main', 'chat.team');
      const notes = await eventsOf(pair.server, 'main', 'chat.note');
      const messages = await eventsOf(pair.server, 'main', 'session.message');
      expect(messages.filter(({ message }) => message.id === written)).toHaveLength(1);
      for (const [index, phone] of phones.entries()) {
        const chatId = pnJidOf(phone);
        const chat = (await call<Chat>('GET', phone)).body;
        const told = states.filter((event) => event.chatId === chatId);
        expect(chat.status).toBe(told.at(-1)?.status ?? 'open');
        const turns = told.map(({ status }) => status);
        expect(turns.every((status, n) => status !== turns[n - 1])).toBe(true);
        expect(done[index]?.status ? told.length : 1).toBeGreaterThan(0);
        const { body } = await call<NotePage>('GET', `${phone}/notes?limit=200`);
        const kept = body.notes.map(({ id }) => id).reverse();
        expect(kept).toEqual(expect.arrayContaining(done[index]?.notes ?? []));
        const toldNotes = notes.filter((event) => event.chatId === chatId);
        expect(toldNotes.map(({ note }) => note.id)).toEqual(kept);
      }
    }
  }, 60_000);
});
