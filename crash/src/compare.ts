import { compareConsumers } from './compare-consumers.js';
import { compareEvents } from './compare-events.js';
import type { Deeds } from './deeds.js';
import { describe, type Expected, expectedMessages, isTarget } from './expected.js';
import type { Finding } from './finding.js';
import type { Cast, Lane } from './lanes.js';
import type { Sent } from './traffic.js';
import type { Truths } from './truths.js';
import { type Shown, type Witness, witnessesOf } from './witnesses.js';

/** Compares what was sent and done with what everyone has. @returns nothing when all is well */
export function compare(cast: Cast, sent: Sent[], truths: Truths, deeds: Deeds): Finding[] {
  const expected = expectedMessages(cast, sent, truths);
  const findings = witnessesOf(cast, truths).flatMap((witness) => {
    const shown = witness.shown.filter(({ chat }) => !isTarget(cast, chat));
    const inTheirChats = { ...witness, shown };
    return [...missingOrDoubled(inTheirChats, expected), ...outOfOrder(inTheirChats, expected)];
  });
  return [
    ...together([...findings, ...compareConsumers(cast, expected, truths, deeds)]),
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
    for (const { text, status, fromMe, chat } of messages) {
      if (!fromMe && !isTarget(cast, chat)) shown.set(`${phone} ${text}`, status);
    }
  }
  const known = new Map<string, string>();
  for (const [session, messages] of sessions) {
    for (const { content, status, fromMe, chatId } of messages) {
      if (fromMe && !isTarget(cast, chatId)) known.set(`${session} ${content}`, status);
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
