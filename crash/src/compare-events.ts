import type { ReadEvent } from './event-reader.js';
import type { Finding } from './finding.js';
import type { Truths } from './truths.js';
import type { Call } from './webhook-receiver.js';

/** Of a process that has just died the receiver may still read calls for so long (ms). */
const READ_LATE = 1000;
/** Calls that were answered so far apart (ms) are recorded in the order of their answers. */
const RECORDED_IN_ORDER = 3000;

/** The log has no gap, and everyone who listens got every event once by its id, in order. */
export function compareEvents(truths: Truths): Finding[] {
  return [
    ...gapsOfLog(truths),
    ...truths.readers.flatMap(({ name, events }) => gapsOfReader(name, events, truths)),
    ...(truths.calls ? callsOfWebhook({ ...truths, calls: truths.calls }) : []),
  ];
}

function gapsOfLog({ stored }: Truths): Finding[] {
  const findings: Finding[] = [];
  const sequences = new Map<string, number>();
  for (const { session_id: who, sequence } of stored.events) {
    const wanted = (sequences.get(who) ?? 0) + 1;
    if (sequence !== wanted) {
      const detail = `event ${sequence} where ${wanted} is due`;
      const kind = sequence > wanted ? 'lost' : 'out of order';
      findings.push({ kind, who, where: 'log', what: `event ${wanted}`, detail });
    }
    sequences.set(who, sequence);
  }
  return findings;
}

function gapsOfReader(who: string, read: ReadEvent[], { stored }: Truths): Finding[] {
  const findings: Finding[] = [];
  const seen = new Set<number>();
  let last = 0;
  for (const { position, name } of read) {
    const found = { who, where: 'stream', what: `event at ${position}`, detail: name };
    if (seen.has(position)) findings.push({ kind: 'doubled', ...found });
    else if (position < last) findings.push({ kind: 'out of order', ...found });
    seen.add(position);
    last = Math.max(last, position);
  }
  for (const { position, name: detail } of stored.events) {
    if (seen.has(position)) continue;
    findings.push({ kind: 'lost', who, where: 'stream', what: `event at ${position}`, detail });
  }
  return findings;
}

function callsOfWebhook({ stored, calls, deaths }: Truths & { calls: Call[] }): Finding[] {
  const who = 'webhook receiver';
  const findings: Finding[] = [];
  const taken = new Map<string, { at: number; body: string }>();
  const positions = new Set<number>();
  const last = new Map<string, number>();
  const recorded = onlyCalls(calls);
  for (const { eventId, body, at, signed } of calls) {
    const found = { who, where: 'call', what: eventId };
    if (!signed) findings.push({ kind: 'not signed', ...found, detail: body.slice(0, 80) });
    const known = taken.get(eventId);
    if (known) {
      const detail =
        known.body === body ? needless(known.at, at, deaths, recorded) : 'with another body';
      if (detail) findings.push({ kind: 'doubled', ...found, detail });
      known.at = at;
      continue;
    }
    taken.set(eventId, { at, body });
    const event = JSON.parse(body) as ReadEvent;
    const chat = `${event.sessionId} ${event.data.message?.chatId ?? event.data.chatId ?? ''}`;
    const before = last.get(chat) ?? 0;
    if (event.position < before) {
      findings.push({ kind: 'out of order', ...found, detail: `after the event at ${before}` });
    }
    last.set(chat, Math.max(before, event.position));
    positions.add(event.position);
  }
  for (const { position, name: detail } of stored.events) {
    if (positions.has(position)) continue;
    findings.push({ kind: 'lost', who, where: 'call', what: `event at ${position}`, detail });
  }
  return findings;
}

/** When the calls were answered that never came again: what came of each was recorded. */
function onlyCalls(calls: Call[]): number[] {
  const times = new Map<string, number>();
  for (const { eventId } of calls) times.set(eventId, (times.get(eventId) ?? 0) + 1);
  return calls.filter(({ eventId }) => times.get(eventId) === 1).map(({ at }) => at);
}

/**
 * Why an event need not have been told again; undefined when it had to be: its record died with the
 * server, which nobody can exclude. What is recorded is recorded in the order of the answers, however
 * slow the machine is, so a later answer whose record survived shows that this one's was lost otherwise.
 */
function needless(
  first: number,
  again: number,
  deaths: Truths['deaths'],
  recorded: number[],
): string | undefined {
  const death = deaths.find(({ at, until = at }) => until >= first - READ_LATE)?.at;
  const apart = `taken ${again - first} ms before`;
  if (death === undefined || death > again) return `${apart}, and nobody died`;
  const later = recorded.find((each) => each > first + RECORDED_IN_ORDER && each < death);
  if (later === undefined) return undefined;
  return `${apart}, ${death - first} ms before a death; one taken ${later - first} ms later was recorded`;
}
