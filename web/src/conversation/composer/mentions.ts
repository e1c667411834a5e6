import type { Message } from '@patchbay/contract';
import { called } from '../../format/called.js';
import type { Draft } from '../drafts.js';

/**
 * A text as WhatsApp wants it: names after `@` become the user parts of the jids that they stand
 * for, which go along as mentions.
 */
export function withMentions({ text, mentions = {} }: Draft): {
  text: string;
  mentions?: string[];
} {
  const named = new Set<string>();
  // Longer names first: "@Ana" is the beginning of "@Ana Torres".
  const names = Object.keys(mentions).sort((a, b) => b.length - a.length);
  let said = text;
  for (const name of names) {
    const jid = mentions[name] ?? '';
    if (!said.includes(name)) continue;
    said = said.replaceAll(name, `@${userOf(jid)}`);
    named.add(jid);
  }
  return named.size > 0 ? { text: said, mentions: [...named] } : { text };
}

/** The other way round: what a message says, as somebody writes it. */
export function asWritten({ content, mentions: jids = [], mentionNames }: Message): Draft {
  const mentions: Record<string, string> = {};
  let text = content;
  for (const jid of jids) {
    const name = mentionNames?.[userOf(jid)];
    if (!name) continue;
    mentions[`@${called(name)}`] = jid;
    text = text.replaceAll(`@${userOf(jid)}`, `@${called(name)}`);
  }
  return { text, mentions };
}

/** The part of a jid before the `@`, without a device: `51999111222`. */
export function userOf(jid: string): string {
  return /^[^@:]+/.exec(jid)?.[0] ?? '';
}
