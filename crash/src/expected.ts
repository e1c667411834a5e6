import type { Cast } from './lanes.js';
import type { Sent } from './traffic.js';
import type { Truths } from './truths.js';

export interface Expected extends Sent {
  /** As its origin has it; undefined when the origin lost it. */
  shownId: string | undefined;
}

/**
 * What everyone in the chat must have: what was accepted, and what the author's side has although
 * the answer was lost.
 */
export function expectedMessages(
  cast: Cast,
  sent: Sent[],
  { phones, sessions }: Truths,
): Expected[] {
  const origins = new Map<string, string>();
  for (const [phone, messages] of phones) {
    for (const { id, text, fromMe, chat } of messages) {
      if (fromMe && !isTarget(cast, chat)) origins.set(`${phone} ${text}`, id);
    }
  }
  for (const [phone, session] of cast.sessions) {
    for (const { id, content, chatId } of sessions.get(session) ?? []) {
      if (!isTarget(cast, chatId)) origins.set(`${phone} ${content}`, id);
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

/** Whether what is in the chat was passed on from another, with the same text. */
export function isTarget({ consumers }: Cast, chat: string): boolean {
  return consumers?.targets.some(({ jid }) => jid === chat) ?? false;
}

/** How a message was sent, for a finding. */
export function describe({ lane, round, at, outcome, shownId }: Expected): string {
  const time = new Date(at).toISOString().slice(11, 23);
  return `${lane.via} ${lane.author} → ${lane.chat}, round ${round}, ${time}, ${outcome}, ${shownId ?? 'no id'}`;
}
