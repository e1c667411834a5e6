import type { ReadEvent } from './event-reader.js';
import type { Finding } from './finding.js';
import type { Truths } from './truths.js';
import type { Call } from './webhook-receiver.js';

/** A call that was answered so shortly (ms) before a death may come again: its record died too. */
const RECORDED_WITHIN = 10_000;

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
  const first = new Map<string, { at: number; body: string }>();
  const positions = new Set<number>();
  const last = new Map<string, number>();
  for (const { eventId, body, at, signed } of calls) {
    const found = { who, where: 'call', what: eventId };
    if (!signed) findings.push({ kind: 'not signed', ...found, detail: body.slice(0, 80) });
    const known = first.get(eventId);
    if (known) {
      // The receiver knows the id and drops it; without a death it must not come again at all.
      const death = deaths.find((each) => each >= known.at) ?? Infinity;
      const life = death - known.at;
      if (known.body !== body) {
        findings.push({ kind: 'doubled', ...found, detail: 'with another body' });
      } else if (life > RECORDED_WITHIN) {
        const detail = `taken ${at - known.at} ms before, ${life} ms before a death`;
        findings.push({ kind: 'doubled', ...found, detail });
      }
      continue;
    }
    first.set(eventId, { at, body });
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
