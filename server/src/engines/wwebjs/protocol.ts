import type { MessageContent } from '@patchbay/contract';
import { z } from 'zod';
import type { ChatAbilities, ChatEnd, GroupAbilities } from '../engine-abilities.js';
import { EngineError } from '../engine-error.js';
import type { DisconnectCause, EngineEvent } from '../engine-events.js';

/** Milliseconds; shorter in tests. */
export interface PageTimes {
  /** From the start until WhatsApp Web shows a QR or is logged in. */
  startWithin: number;
  /** Logged in, and the library has not said that it is ready: the page is loaded anew. */
  readyWithin: number;
  /** A question to the page: a renderer that hangs answers none. */
  answerWithin: number;
  /** It is asked for a sign of life so often. */
  lookEvery: number;
  /** WhatsApp Web may be without its own connection for so long. */
  offlineFor: number;
  /** A QR is shown so long; the page renews it by itself. */
  qrShown: number;
}

/** What the process of a page is told first. */
export interface PageSettings {
  /** The user data folder of its Chromium. */
  profile: string;
  /** The profile has a login: a QR then means that the phone has removed the device. */
  restored: boolean;
  /** Messages from then on (ms) were perhaps not told before; undefined: this is a new link. */
  since: number | undefined;
  /** What was there before is to be told as history. */
  history: boolean;
  /** Messages may come so much later (ms) than others that were written after them. */
  overlap: number;
  executable: string;
  /** Of Chromium. */
  args: string[];
  userAgent: string;
  proxyLogin?: { username: string; password: string };
  deviceName: string;
  ignore: { status: boolean; groups: boolean; channels: boolean };
  markOnline: boolean;
  times: PageTimes;
  /** Largest file (bytes): the library holds it whole, several times over. */
  largestFile: number;
}

/** A message to send, as the page needs it: messages are named by the page's own keys. */
export interface PageMessage {
  id: string;
  chatJid: string;
  content: MessageContent;
  /** Keys of the page (`_serialized`). */
  quotedKey?: string;
  targetKey?: string;
  /** Where its file is. */
  file?: { path: string };
  again: boolean;
}

/** What the process of a page can be asked for; every argument and answer is plain data. */
export interface PageCalls {
  start(settings: PageSettings): void;
  /** Ends the browser in order. */
  close(): void;
  logout(): void;
  pairingCode(phone: string): string;
  /** Answers the key under which the message will go. */
  prepare(message: PageMessage): { key: string };
  send(message: PageMessage & { key: string }): void;
  markRead(chatJid: string): void;
  chatState(chatJid: string, state: 'composing' | 'recording' | 'paused'): void;
  presence(available: boolean): void;
  /** Writes the decrypted file of a message to a path. */
  download(key: string, path: string): void;
  ping(): void;
  checkNumbers(phones: string[]): { phone: string; exists: boolean; jid?: string }[];
  chatAction<Name extends keyof ChatAbilities>(
    name: Name,
    args: Parameters<ChatAbilities[Name]>,
  ): void;
  /** Answers the id of the request, under which they are told. */
  olderMessages(chatJid: string, oldest: ChatEnd, count: number): string;
  /** Answers what the ability does. */
  groupAction(name: keyof GroupAbilities, args: unknown[]): unknown;
}

export type PageCall = keyof PageCalls;

const FAILURES = [
  'not-connected',
  'not-on-whatsapp',
  'refused',
  'timeout',
  'unsupported',
  'gone',
  'damaged',
  'not-allowed',
  'not-found',
] as const satisfies EngineError['code'][];

const causes = z.custom<DisconnectCause>((value) => typeof value === 'string');
const event = z.custom<EngineEvent>(
  (value) => typeof value === 'object' && value !== null && 'type' in value,
);

/** From the server to the process of a page. */
export const ToPage = z.union([
  z.object({ id: z.number().int(), call: z.string(), args: z.array(z.unknown()) }),
  /** The session may be another's after so long (ms): unless this comes again, the page ends then. */
  z.object({ oursFor: z.number() }),
]);
export type ToPage = z.infer<typeof ToPage>;

/** From the process of a page to the server, in the order in which it happened. */
export const FromPage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('answer'), id: z.number().int(), value: z.unknown() }),
  z.object({
    kind: z.literal('failure'),
    id: z.number().int(),
    code: z.enum(FAILURES),
    message: z.string(),
    certainlyNotSent: z.boolean(),
  }),
  z.object({ kind: z.literal('event'), event }),
  /** The group of processes of its Chromium. */
  z.object({ kind: z.literal('browser'), pid: z.number().int() }),
  z.object({ kind: z.literal('end'), cause: causes, detail: z.string() }),
  z.object({ kind: z.literal('trouble'), what: z.string(), detail: z.string() }),
]);
export type FromPage = z.infer<typeof FromPage>;

/** What went wrong in the page, as the answer to a call. */
export function failureOf(id: number, error: unknown): FromPage {
  if (error instanceof EngineError) {
    const { code, message, certainlyNotSent } = error;
    return { kind: 'failure', id, code, message, certainlyNotSent };
  }
  const message = textOf(error);
  const isLate = /timed out|timeout/i.test(message);
  const code = isLate ? 'timeout' : 'refused';
  return { kind: 'failure', id, code, message, certainlyNotSent: false };
}

/** The library throws bare strings too. */
export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
