import type { MentionNames } from '@patchbay/contract';
import { words } from '../words/words.js';
import { formatPhone } from './phone.js';

/** How somebody is called whose name the server gave as a name, a number (`+51…`), or not at all. */
export function called(name: string | null | undefined): string {
  if (!name) return words.group.unknown;
  return /^\+\d+$/.test(name) ? formatPhone(name.slice(1)) : name;
}

/**
 * A text in which those whom it mentions stand by their names.
 * @param sign before each name
 */
export function withNames(text: string, names: MentionNames | undefined, sign = '@'): string {
  if (!names) return text;
  return text.replace(/(?<![\p{L}\p{N}])@(\d{5,20})/gu, (all, user: string) =>
    user in names ? sign + called(names[user]) : all,
  );
}
