import '@patchbay/hardening';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { newMessageId } from '../../whatsapp/message-id.js';
import { type TestSession, until } from '../testing/engine-contract-host.js';
import { EngineWorld, pn } from '../testing/engine-world.js';
import { send } from '../testing/send.js';
import { baileysEngineWith } from './index.js';

const world = new EngineWorld(() =>
  baileysEngineWith({ queryTimeoutMs: 3_000, pingTimeoutMs: 500, forgetEveryMs: 50 }),
);
beforeAll(() => world.start());
afterEach(() => world.closeEngines());
afterAll(() => world.stop());

/** Stanzas that WhatsApp has handed to the linked device and knows no end of. */
async function unacknowledged(phone: string): Promise<number> {
  const { queues } = await world.api<{
    queues: { phone: string; device: number; unacknowledged: number }[];
  }>('GET', '/queues');
  const own = queues.filter((queue) => queue.phone === phone && queue.device > 0);
  return own.reduce((sum, queue) => sum + queue.unacknowledged, 0);
}

const write = (from: string, to: string, text: string) =>
  world.api<{ id: string }>('POST', `/phones/${from}/messages`, { to, text });

function texts(session: TestSession): string[] {
  return session.history.flatMap((event) =>
    event.type === 'message' && event.message.content.type === 'text' && !event.message.fromMe
      ? [event.message.content.text]
      : [],
  );
}

/** Lets events be stored only when `store` is called. */
function holdEvents(session: TestSession): () => void {
  let store = () => {};
  session.storing = new Promise((resolve) => {
    store = () => {
      session.storing = undefined;
      resolve();
    };
  });
  return store;
}

describe('what WhatsApp hands over', () => {
  it('is acknowledged when it is stored, and not before', async () => {
    const [phone, friend] = [await world.phone(), await world.phone()];
    const { session } = await world.linked(phone);
    const store = holdEvents(session);
    await write(friend, phone, 'one');
    await until('the message on its way', 5_000, async () => (await unacknowledged(phone)) === 1);
    await until('its step', 5_000, () => session.journal.openedCiphertexts.size > 0);
    await write(friend, phone, 'two');
    await until('both messages', 5_000, async () => (await unacknowledged(phone)) === 2);
    store();
    await world.messageOn(friend, 'two', 'delivered');
    await world.settle();
    expect(await unacknowledged(phone)).toBe(0);
    expect(texts(session)).toEqual(['one', 'two']);
  });

  it('is read once, and answered from the journal when it comes again', async () => {
    const [phone, friend] = [await world.phone(), await world.phone()];
    const { session } = await world.linked(phone);
    session.refuseEvents = true;
    await write(friend, phone, 'kept');
    await session.event('disconnected', ({ cause }) => cause === 'transient');
    expect(texts(session)).toEqual([]);
    expect(await unacknowledged(phone)).toBe(1);
    session.refuseEvents = false;
    await world.connect(session);
    await session.event('message', ({ message }) => !message.fromMe);
    await world.messageOn(friend, 'kept', 'delivered');
    expect(texts(session)).toEqual(['kept']);
  });

  it('of a group is read once as well, with the key that came with it', async () => {
    const [phone, friend] = [await world.phone(), await world.phone()];
    const { session } = await world.linked(phone);
    const members = { subject: 'Two', participants: [friend, phone] };
    const { id } = await world.api<{ id: string }>('POST', '/groups', members);
    await session.event('groups');
    session.refuseEvents = true;
    await write(friend, id, 'to all');
    await session.event('disconnected', ({ cause }) => cause === 'transient');
    session.refuseEvents = false;
    await world.connect(session);
    await session.event('message', ({ message }) => message.content.type === 'text');
    await write(friend, id, 'and again');
    await until('both', 5_000, () => texts(session).length === 2);
    expect(texts(session)).toEqual(['to all', 'and again']);
  });

  it('is forgotten by the journal when WhatsApp knows that we have it', async () => {
    const [phone, friend] = [await world.phone(), await world.phone()];
    const { session } = await world.linked(phone);
    await write(friend, phone, 'soon forgotten');
    await session.event('message', ({ message }) => !message.fromMe);
    await until('an empty journal', 5_000, () => session.journal.openedCiphertexts.size === 0);
  });

  it('is stored before a sign of life is reported, so that no ack is missed that has come', async () => {
    const [phone, friend] = [await world.phone(), await world.phone()];
    const { session, engine } = await world.linked(phone);
    const store = holdEvents(session);
    const content = { type: 'text', text: 'acknowledged' } as const;
    const id = newMessageId();
    await send(engine, { id, chatJid: pn(friend), content });
    await world.messageOn(friend, 'acknowledged');
    let reported = false;
    const sign = engine.ping().then(() => {
      reported = true;
    });
    // Longer than the answer takes.
    for (let looks = 0; looks < 10; looks += 1) await unacknowledged(phone);
    expect(reported).toBe(false);
    store();
    await sign;
    const acks = session.history.filter(
      (event) => event.type === 'receipt' && event.messageIds.includes(id),
    );
    expect(acks).not.toEqual([]);
  });

  it('keeps a notification until its consequences are stored', async () => {
    const [phone, friend] = [await world.phone(), await world.phone()];
    const { session } = await world.linked(phone);
    session.refuseEvents = true;
    const group = { subject: 'Late news', participants: [friend, phone] };
    await world.api('POST', '/groups', group);
    await session.event('disconnected', ({ cause }) => cause === 'transient');
    expect(session.journal.stanzas.size).toBe(1);
    session.refuseEvents = false;
    await world.connect(session);
    await session.event('groups', ({ groups }) => groups.some((g) => g.subject === 'Late news'));
    await until('an empty journal', 5_000, () => session.journal.stanzas.size === 0);
  });
});

describe('ratchets', () => {
  it('survive writing and reading at the same time', async () => {
    const [phone, friend] = [await world.phone(), await world.phone()];
    const { session, engine } = await world.linked(phone);
    const count = 40;
    const sendOne = async (n: number) =>
      send(engine, {
        id: newMessageId(),
        chatJid: pn(friend),
        content: { type: 'text', text: `out ${n}` },
      });
    await Promise.all(
      Array.from({ length: count }, (_, n) =>
        Promise.all([sendOne(n), write(friend, phone, `in ${n}`)]),
      ),
    );
    await until('all inbound', 20_000, () => texts(session).length === count);
    await world.settle();
    const seen = (await world.messagesOf(friend)).filter(({ text }) => text.startsWith('out '));
    expect(new Set(seen.map(({ text }) => text)).size).toBe(count);
    const undecryptable = session.history.filter(
      (event) => event.type === 'message' && event.message.content.type === 'undecryptable',
    );
    expect(undecryptable).toEqual([]);
  });

  it('of senders are stored before the stanza leaves', async () => {
    const [phone, friend] = [await world.phone(), await world.phone()];
    const { session, engine } = await world.linked(phone);
    const content = { type: 'text', text: 'first' } as const;
    await send(engine, { id: newMessageId(), chatJid: pn(friend), content });
    await world.settle();
    session.auth.failing = true;
    const second = { id: newMessageId(), chatJid: pn(friend), content: { ...content, text: '2' } };
    await expect(send(engine, second)).rejects.toMatchObject({ code: 'not-connected' });
    expect((await world.messagesOf(friend)).map(({ text }) => text)).toEqual(['first']);
  });
});

describe('what we say in a group', () => {
  it('can be read by all although the copy that brought the key was lost', async () => {
    const [phone, friend] = [await world.phone(), await world.phone()];
    const { session, engine } = await world.linked(phone);
    const members = { subject: 'Lost key', participants: [friend, phone] };
    const { id: chatJid } = await world.api<{ id: string }>('POST', '/groups', members);
    await session.event('groups', ({ groups }) => groups.some(({ jid }) => jid === chatJid));
    const saying = (text: string) => ({
      id: newMessageId(),
      chatJid,
      content: { type: 'text', text } as const,
    });
    await world.fault('message_lost', phone);
    const first = saying('first');
    // Whether the socket took it or broke, nobody got it.
    await send(engine, first).catch(() => undefined);
    await session.event('disconnected');
    const { engine: next } = await world.connect(session);
    await session.event('connected');
    await send(next, { ...first, again: true });
    await send(next, saying('second'));
    await world.messageOn(friend, 'second');
    await world.settle();
    const seen = (await world.messagesOf(friend)).filter(({ text }) => text !== '');
    expect(seen.map(({ text }) => text)).toEqual(['first', 'second']);
    // Nobody had to ask for anything again.
    type Queue = { phone: string; device: number; counts: { superseded: number } };
    const { queues } = await world.api<{ queues: Queue[] }>('GET', '/queues');
    const asked = queues.filter((queue) => queue.phone === friend && queue.counts.superseded > 0);
    expect(asked).toEqual([]);
  });
});

describe('a flood of unreadable messages', () => {
  it('is asked for again at a bounded pace, and heals', async () => {
    const [phone, friend] = [await world.phone(), await world.phone()];
    const { session, engine } = await world.linked(phone);
    await engine.disconnect();
    const count = 30;
    for (let n = 0; n < count; n++) await write(friend, phone, `broken ${n}`);
    await world.fault('undecryptable', phone, { times: count, device: 1 });
    await world.connect(session);
    await until('all texts', 30_000, () => new Set(texts(session)).size === count);
    const stubs = session.history.filter(
      (event) => event.type === 'message' && event.message.content.type === 'undecryptable',
    );
    expect(stubs.length).toBe(count);
  });
});
