import type { Cast, Lane } from './lanes.js';
import type { Sent } from './traffic.js';
import type { Truths } from './truths.js';

export const FINDINGS = [
  'lost',
  'doubled',
  'out of order',
  'undecryptable',
  'wrong status',
  'not acknowledged',
  'refused',
] as const;

/** Something that must not be. */
export interface Finding {
  kind: (typeof FINDINGS)[number];
  /** Who misses it or has it twice. */
  where: string;
  /** The message's text, or the event. */
  what: string;
  detail: string;
}

/** A message as one witness shows it. */
interface Shown {
  id: string;
  text: string;
  undecryptable?: boolean;
}

/** Compares what was sent with what everyone has. @returns nothing when all is well */
export function compare(cast: Cast, sent: Sent[], truths: Truths): Finding[] {
  const witnesses = witnessesOf(cast, truths);
  const findings: Finding[] = [];
  const expected = expectedMessages(cast, sent, truths, findings);
  for (const witness of witnesses) {
    findings.push(...missingOrDoubled(witness, expected));
    findings.push(...outOfOrder(witness, expected));
  }
  findings.push(...wrongStatus(cast, expected, truths));
  findings.push(...eventGaps(truths));
  findings.push(...leftOver(truths));
  return findings;
}

interface Witness {
  name: string;
  /** Whose messages it must have. */
  phone: string;
  shown: Shown[];
}

function witnessesOf(cast: Cast, { phones, sessions, stored, read }: Truths): Witness[] {
  const witnesses: Witness[] = [];
  for (const [phone, messages] of phones) {
    witnesses.push({ name: `phone ${phone}`, phone, shown: messages });
  }
  for (const [phone, id] of cast.sessions) {
    const pages = sessions.get(id) ?? [];
    witnesses.push({ name: `pages of ${id}`, phone, shown: pages.map(ofPage) });
    const rows = stored.messages.filter((row) => row.session_id === id);
    witnesses.push({ name: `database of ${id}`, phone, shown: rows.map(ofRow) });
    const events = read.filter(
      (event) => event.sessionId === id && event.name === 'session.message',
    );
    const shown = events.map(({ data }) => ofPage(data.message!));
    witnesses.push({ name: `stream of ${id}`, phone, shown });
  }
  return witnesses;
}

const ofPage = (message: { id: string; content: string; type?: string }): Shown => ({
  id: message.id,
  text: message.content,
  undecryptable: message.type === 'undecryptable',
});
const ofRow = (row: { id: string; text: string; type: string }): Shown => ({
  id: row.id,
  text: row.text,
  undecryptable: row.type === 'undecryptable',
});

interface Expected extends Sent {
  /** As its origin has it; undefined when the origin lost it. */
  shownId: string | undefined;
}

/**
 * What everyone in the chat must have: what was accepted, and what the author's side has although
 * the answer was lost.
 */
function expectedMessages(
  cast: Cast,
  sent: Sent[],
  { phones, sessions }: Truths,
  findings: Finding[],
): Expected[] {
  const origins = new Map<string, string>();
  for (const [phone, messages] of phones) {
    for (const { id, text, fromMe } of messages) if (fromMe) origins.set(`${phone} ${text}`, id);
  }
  for (const [phone, session] of cast.sessions) {
    for (const { id, content } of sessions.get(session) ?? []) {
      origins.set(`${phone} ${content}`, id);
    }
  }
  const expected: Expected[] = [];
  for (const message of sent) {
    const { lane, text, outcome, id } = message;
    const shownId = id ?? origins.get(`${lane.author} ${text}`);
    if (outcome === 'accepted' || shownId) expected.push({ ...message, shownId });
    if (outcome === 'refused') {
      const detail = message.answer ?? '';
      findings.push({ kind: 'refused', where: lane.author, what: text, detail });
    }
  }
  return expected;
}

function missingOrDoubled({ name, phone, shown }: Witness, expected: Expected[]): Finding[] {
  const findings: Finding[] = [];
  const byText = new Map<string, Shown[]>();
  for (const each of shown) byText.set(each.text, [...(byText.get(each.text) ?? []), each]);
  const ids = new Map(shown.map((each) => [each.id, each]));
  for (const message of expected) {
    if (!message.lane.members.includes(phone)) continue;
    const found = byText.get(message.text) ?? [];
    if (found.length === 1) continue;
    const where = name;
    const what = message.text;
    const detail = describe(message);
    if (found.length > 1) {
      const shownIds = found.map(({ id }) => id).join(', ');
      findings.push({ kind: 'doubled', where, what, detail: `${detail}; as ${shownIds}` });
    } else {
      const stub = message.shownId ? ids.get(message.shownId) : undefined;
      findings.push({ kind: stub ? 'undecryptable' : 'lost', where, what, detail });
    }
  }
  return findings;
}

function outOfOrder({ name, shown }: Witness, expected: Expected[]): Finding[] {
  const findings: Finding[] = [];
  const lanes = new Map(expected.map(({ text, lane }) => [text, lane]));
  const last = new Map<Lane, string>();
  for (const { text } of shown) {
    const lane = lanes.get(text);
    if (!lane) continue;
    const before = last.get(lane);
    if (before !== undefined && text < before) {
      findings.push({ kind: 'out of order', where: name, what: text, detail: `after ${before}` });
    } else last.set(lane, text);
  }
  return findings;
}

const CLIMB = ['queued', 'sending', 'sent', 'delivered', 'read', 'played'];

/** What a phone got or read, the sender must know. Of groups it must know that WhatsApp took it. */
function wrongStatus(cast: Cast, expected: Expected[], { phones, sessions }: Truths): Finding[] {
  const findings: Finding[] = [];
  const shown = new Map<string, string>();
  for (const [phone, messages] of phones) {
    for (const { text, status, fromMe } of messages) {
      if (!fromMe) shown.set(`${phone} ${text}`, status);
    }
  }
  const known = new Map<string, string>();
  for (const [session, messages] of sessions) {
    for (const { content, status, fromMe } of messages) {
      if (fromMe) known.set(`${session} ${content}`, status);
    }
  }
  for (const message of expected) {
    const { lane, text } = message;
    if (lane.via !== 'api') continue;
    const session = cast.sessions.get(lane.author)!;
    const status = known.get(`${session} ${text}`);
    const direct = lane.members.length === 2;
    const least = direct ? (shown.get(`${lane.chat} ${text}`) ?? 'sent') : 'sent';
    if (status === undefined || CLIMB.indexOf(status) >= CLIMB.indexOf(least)) continue;
    const detail = `${status}, while it is ${least}; ${describe(message)}`;
    findings.push({ kind: 'wrong status', where: session, what: text, detail });
  }
  return findings;
}

/** The log has no gap, every message has one event, and the reader got every event once, in order. */
function eventGaps({ stored, read }: Truths): Finding[] {
  const findings: Finding[] = [];
  const sequences = new Map<string, number>();
  for (const { session_id: session, sequence } of stored.events) {
    const wanted = (sequences.get(session) ?? 0) + 1;
    if (sequence !== wanted) {
      const detail = `event ${sequence} where ${wanted} is due`;
      const kind = sequence > wanted ? 'lost' : 'out of order';
      findings.push({ kind, where: `log of ${session}`, what: `event ${wanted}`, detail });
    }
    sequences.set(session, sequence);
  }
  const inLog = stored.events.map(({ position }) => position);
  findings.push(
    ...difference(
      'stream',
      inLog,
      read.map(({ position }) => position),
    ),
  );
  return findings;
}

function difference(where: string, wanted: number[], got: number[]): Finding[] {
  const findings: Finding[] = [];
  const counts = new Map<number, number>();
  let last = 0;
  for (const position of got) {
    const count = (counts.get(position) ?? 0) + 1;
    counts.set(position, count);
    const what = `event at ${position}`;
    if (count > 1) findings.push({ kind: 'doubled', where, what, detail: `${count} times` });
    else if (position < last) {
      findings.push({ kind: 'out of order', where, what, detail: `after ${last}` });
    }
    last = Math.max(last, position);
  }
  for (const position of wanted) {
    if (counts.has(position)) continue;
    findings.push({ kind: 'lost', where, what: `event at ${position}`, detail: 'never came' });
  }
  return findings;
}

function leftOver({ stored, queues }: Truths): Finding[] {
  const findings: Finding[] = [];
  for (const { session_id: where, message_id: what, state } of stored.waiting) {
    findings.push({ kind: 'not acknowledged', where, what, detail: `in the outbox, ${state}` });
  }
  for (const { phone, device, stanzas } of queues) {
    for (const { tag, id, deliveries } of stanzas) {
      const detail = `${tag} in WhatsApp's queue, delivered ${deliveries} times`;
      const where = `${phone}:${device}`;
      findings.push({ kind: 'not acknowledged', where, what: id, detail });
    }
  }
  return findings;
}

function describe({ lane, round, at, outcome, shownId }: Expected): string {
  const time = new Date(at).toISOString().slice(11, 23);
  return `${lane.via} ${lane.author} → ${lane.chat}, round ${round}, ${time}, ${outcome}, ${shownId ?? 'no id'}`;
}
