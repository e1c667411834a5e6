import { beforeEach, describe, expect, it } from 'vitest';
import { compare } from './compare.js';
import { Deeds } from './deeds.js';
import type { ReadEvent } from './event-reader.js';
import type { Cast, Lane } from './lanes.js';
import type { PhoneMessage } from './sandbox-program.js';
import type { ApiMessage } from './server-api.js';
import { emptyStored } from './stored.js';
import type { Sent } from './traffic.js';
import type { Truths } from './truths.js';
import type { Call } from './webhook-receiver.js';

const OWNER = '99910';
const FRIEND = '99920';
const members = [OWNER, FRIEND];
const inward: Lane = { id: 'L1', author: FRIEND, via: 'phone', chat: OWNER, members };
const outward: Lane = { id: 'L2', author: OWNER, via: 'api', chat: FRIEND, members };
const cast: Cast = {
  sessions: new Map([[OWNER, 's0']]),
  contacts: [FRIEND],
  lanes: [inward, outward],
  consumers: { source: 'source', targets: [], admin: '', bot: '', takenOver: inward },
};

let sent: Sent[];
let truths: Truths;
let position: number;

/** A message that everyone has, as it should be. */
function arrived(lane: Lane, number: number): { id: string; text: string } {
  const text = `${lane.id}.0000${number}`;
  const id = `id of ${text}`;
  const fromMe = lane === outward;
  sent.push({ lane, text, id, at: Date.now(), round: 1, outcome: 'accepted' });
  for (const [phone, messages] of truths.phones) {
    const own = lane.author === phone;
    const status = own ? 'sent' : 'delivered';
    messages.push({ id, text, status, fromMe: own, chat: '', from: lane.author, kind: 'text' });
  }
  truths.sessions.get('s0')!.push({
    ...{ id, chatId: 'c', content: text, fromMe, type: 'text' },
    status: fromMe ? 'delivered' : 'received',
  });
  const row = { session_id: 's0', id, chat_id: 'c', type: 'text', text, status: 'received' };
  truths.stored.messages.push(row);
  event(id, text);
  return { id, text };
}

function event(id: string, text: string): void {
  position += 1;
  const at = { position, sequence: position, name: 'session.message' };
  const data = { message: { id, chatId: 'c', content: text } };
  truths.stored.events.push({ ...at, session_id: 's0', data: JSON.stringify(data) });
  const event: ReadEvent = { id: `event ${position}`, ...at, sessionId: 's0', data, readAt: 0 };
  for (const { events } of truths.readers) events.push(event);
  const body = JSON.stringify(event);
  truths.calls?.push({ eventId: event.id, body, at: position, signed: true });
}

const page = () => truths.sessions.get('s0') as ApiMessage[];
const phone = (number: string) => truths.phones.get(number) as PhoneMessage[];
const found = () =>
  compare(cast, sent, truths, new Deeds()).map(({ kind, who, where, what }) => [
    kind,
    who,
    where,
    what,
  ]);

beforeEach(() => {
  sent = [];
  position = 0;
  truths = {
    phones: new Map([
      [OWNER, []],
      [FRIEND, []],
    ]),
    queues: [],
    sessions: new Map([['s0', []]]),
    stored: emptyStored(),
    search: [],
    readers: [{ name: 'reader', events: [] }],
    calls: [],
    deaths: [],
  };
  for (const number of [1, 2]) for (const lane of [inward, outward]) arrived(lane, number);
});

describe('the comparison', () => {
  it('finds nothing when everyone has everything', () => {
    expect(found()).toEqual([]);
  });

  it('finds what a session lost, as one loss wherever it is missing', () => {
    page().shift();
    truths.stored.messages.shift();
    expect(found()).toEqual([['lost', 's0', 'pages, database', 'L1.00001']]);
  });

  it('finds what a phone never got', () => {
    phone(FRIEND).splice(1, 1);
    expect(found()).toEqual([['lost', FRIEND, 'phone', 'L2.00001']]);
  });

  it('does not miss what nobody promised, and does miss what somebody took', () => {
    const at = { lane: outward, at: 0, round: 1, outcome: 'unknown' as const };
    sent.push({ ...at, text: 'L2.00003' });
    expect(found()).toEqual([]);
    page().push({ ...page()[1]!, id: 'taken', content: 'L2.00003' });
    const missing = found().filter(([kind]) => kind === 'lost');
    expect(missing).toContainEqual(['lost', FRIEND, 'phone', 'L2.00003']);
  });

  it('finds what was sent again as another message', () => {
    phone(FRIEND).push({ ...phone(FRIEND).at(-1)!, id: 'another' });
    expect(found()).toEqual([['doubled', FRIEND, 'phone', 'L2.00002']]);
  });

  it('finds one message in the log twice', () => {
    event('id of L1.00001', 'L1.00001');
    const kinds = found();
    expect(kinds).toContainEqual(['doubled', 's0', 'log', 'L1.00001']);
  });

  it('finds what changed places, within a lane only', () => {
    const shown = phone(OWNER);
    [shown[0], shown[1]] = [shown[1]!, shown[0]!];
    expect(found()).toEqual([]);
    shown.push(shown.shift()!);
    shown.push(shown.shift()!);
    expect(found()).toEqual([
      ['out of order', OWNER, 'phone', 'L2.00001'],
      ['out of order', OWNER, 'phone', 'L1.00001'],
    ]);
  });

  it('tells what could not be read from what is not there', () => {
    Object.assign(page()[0]!, { type: 'undecryptable', content: '?' });
    expect(found()).toEqual([['undecryptable', 's0', 'pages', 'L1.00001']]);
  });

  it('finds ticks that never came', () => {
    Object.assign(page()[1]!, { status: 'sent' });
    Object.assign(page()[3]!, { status: 'failed' });
    expect(found()).toEqual([
      ['wrong status', 's0', 'pages', 'L2.00001'],
      ['wrong status', 's0', 'pages', 'L2.00002'],
    ]);
  });

  it('finds gaps and doubles of the log and of its readers', () => {
    const { events } = truths.readers[0]!;
    events.shift();
    events.push(events[0]!);
    expect(found()).toEqual([
      ['doubled', 'reader', 'stream', 'event at 2'],
      ['lost', 'reader', 'stream', 'event at 1'],
    ]);
    truths.stored.events.splice(1, 1);
    expect(found()).toContainEqual(['lost', 's0', 'log', 'event 2']);
  });

  it('finds calls that never came, came for nothing, or in the wrong order', () => {
    const calls = truths.calls as Call[];
    const [first, second] = calls as [Call, Call];
    calls.splice(0, 2);
    expect(found()).toEqual([
      ['lost', 'webhook receiver', 'call', 'event at 1'],
      ['lost', 'webhook receiver', 'call', 'event at 2'],
    ]);
    calls.push(second, first);
    expect(found().map(([kind, , , what]) => [kind, what])).toEqual([
      ['out of order', 'event 2'],
      ['out of order', 'event 1'],
    ]);
    calls.splice(0, 4, first, second, ...calls.slice(0, 2));
    expect(found()).toEqual([]);
    Object.assign(second, { signed: false });
    expect(found()).toEqual([['not signed', 'webhook receiver', 'call', 'event 2']]);
  });

  it('tells calls that came again for nothing from those whose record died with the server', () => {
    const calls = truths.calls as Call[];
    const [first] = calls as [Call];
    const twice = [['doubled', 'webhook receiver', 'call', 'event 1']];
    calls.push({ ...first, at: 20_000 });
    expect(found()).toEqual(twice);
    // Read by the receiver when the process that made the call was dead already.
    for (const at of [10_000, -500]) {
      truths.deaths = [{ at }];
      expect(found()).toEqual([]);
    }
    truths.deaths = [{ at: -5000 }, { at: 25_000 }];
    expect(found()).toEqual(twice);
    // What was answered later was recorded before the death.
    truths.deaths = [{ at: 10_000 }];
    Object.assign(calls[1]!, { at: 9000 });
    expect(found()).toEqual(twice);
    Object.assign(calls[1]!, { at: 2000 });
    expect(found()).toEqual([]);
  });

  it('finds what nobody acknowledged, and what was refused', () => {
    truths.stored.waiting.push({ session_id: 's0', message_id: 'm', state: 'sending' });
    const stanzas = [{ id: 'q', tag: 'receipt', deliveries: 3 }];
    const counts = { nacked: 0, superseded: 0 };
    truths.queues.push({ phone: OWNER, device: 1, connected: true, stanzas, counts });
    sent.push({ lane: outward, text: 'L2.00009', at: 0, round: 1, outcome: 'refused' });
    expect(found()).toEqual([
      ['not acknowledged', 's0', 'outbox', 'm'],
      ['not acknowledged', `${OWNER}:1`, "WhatsApp's queue", 'q'],
      ['refused', OWNER, 'API', 'L2.00009'],
    ]);
  });
});
