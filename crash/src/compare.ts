import { compareEvents } from './compare-events.js';
import type { Finding } from './finding.js';
import type { Cast, Lane } from './lanes.js';
import type { Sent } from './traffic.js';
import type { Truths } from './truths.js';

/** A message as one witness shows it. */
interface Shown {
  id: string;
  text: string;
  undecryptable?: boolean;
}

/** Compares what was sent with what everyone has. @returns nothing when all is well */
export function compare(cast: Cast, sent: Sent[], truths: Truths): Finding[] {
  const expected = expectedMessages(cast, sent, truths);
  const findings = witnessesOf(cast, truths).flatMap((witness) => [
    ...missingOrDoubled(witness, expected),
    ...outOfOrder(witness, expected),
  ]);
  return [
    ...together(findings),
    ...wrongStatus(cast, expected, truths),
    ...compareEvents(truths),
    ...leftOver(truths),
    ...refusals(sent),
  ];
}

/** What is wrong with one message in one session, wherever it is seen, is one finding. */
function together(findings: Finding[]): Finding[] {
  const merged = new Map<string, Finding>();
  for (const finding of findings) {
    const key = `${finding.kind} ${finding.who} ${finding.what}`;
    const known = merged.get(key);
    if (known) known.where += `, ${finding.where}`;
    else merged.set(key, { ...finding });
  }
  return [...merged.values()];
}

function refusals(sent: Sent[]): Finding[] {
  return sent
    .filter(({ outcome }) => outcome === 'refused')
    .map(({ lane, text, answer = '' }) => ({
      kind: 'refused',
      who: lane.author,
      where: 'API',
      what: text,
      detail: answer,
    }));
}

interface Witness {
  who: string;
  where: string;
  /** Whose messages it must have. */
  phone: string;
  shown: Shown[];
}

function witnessesOf(cast: Cast, { phones, sessions, stored }: Truths): Witness[] {
  const witnesses: Witness[] = [];
  for (const [phone, messages] of phones) {
    witnesses.push({ who: phone, where: 'phone', phone, shown: messages });
  }
  for (const [phone, id] of cast.sessions) {
    const pages = sessions.get(id) ?? [];
    witnesses.push({ who: id, where: 'pages', phone, shown: pages.map(ofPage) });
    const rows = stored.messages.filter((row) => row.session_id === id);
    witnesses.push({ who: id, where: 'database', phone, shown: rows.map(ofRow) });
    const events = stored.events.filter(
      (event) => event.session_id === id && event.name === 'session.message',
    );
    const told = events.map(({ data }) => ofPage(JSON.parse(data).message));
    witnesses.push({ who: id, where: 'log', phone, shown: told });
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
function expectedMessages(cast: Cast, sent: Sent[], { phones, sessions }: Truths): Expected[] {
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
  }
  return expected;
}

function missingOrDoubled({ who, where, phone, shown }: Witness, expected: Expected[]): Finding[] {
  const findings: Finding[] = [];
  const byText = new Map<string, Shown[]>();
  for (const each of shown) byText.set(each.text, [...(byText.get(each.text) ?? []), each]);
  const ids = new Map(shown.map((each) => [each.id, each]));
  for (const message of expected) {
    if (!message.lane.members.includes(phone)) continue;
    const found = byText.get(message.text) ?? [];
    if (found.length === 1) continue;
    const seen = { who, where, what: message.text };
    const detail = describe(message);
    if (found.length > 1) {
      const shownIds = found.map(({ id }) => id).join(', ');
      findings.push({ kind: 'doubled', ...seen, detail: `${detail}; as ${shownIds}` });
    } else {
      const stub = message.shownId ? ids.get(message.shownId) : undefined;
      findings.push({ kind: stub ? 'undecryptable' : 'lost', ...seen, detail });
    }
  }
  return findings;
}

function outOfOrder({ who, where, shown }: Witness, expected: Expected[]): Finding[] {
  const findings: Finding[] = [];
  const lanes = new Map(expected.map(({ text, lane }) => [text, lane]));
  const last = new Map<Lane, string>();
  for (const { text } of shown) {
    const lane = lanes.get(text);
    if (!lane) continue;
    const before = last.get(lane);
    if (before !== undefined && text < before) {
      findings.push({ kind: 'out of order', who, where, what: text, detail: `after ${before}` });
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
    findings.push({ kind: 'wrong status', who: session, where: 'pages', what: text, detail });
  }
  return findings;
}

function leftOver({ stored, queues }: Truths): Finding[] {
  const findings: Finding[] = [];
  for (const { session_id: who, message_id: what, state } of stored.waiting) {
    findings.push({ kind: 'not acknowledged', who, where: 'outbox', what, detail: state });
  }
  for (const { phone, device, stanzas } of queues) {
    for (const { tag, id, deliveries } of stanzas) {
      const who = `${phone}:${device}`;
      const detail = `${tag}, delivered ${deliveries} times`;
      findings.push({ kind: 'not acknowledged', who, where: "WhatsApp's queue", what: id, detail });
    }
  }
  return findings;
}

function describe({ lane, round, at, outcome, shownId }: Expected): string {
  const time = new Date(at).toISOString().slice(11, 23);
  return `${lane.via} ${lane.author} → ${lane.chat}, round ${round}, ${time}, ${outcome}, ${shownId ?? 'no id'}`;
}
