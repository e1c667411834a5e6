import type { MessageContent, PacingSettings, WaitingFor } from '@patchbay/contract';
import { dayAround, quietUntil } from './zone-time.js';

/** What of a session's limits is used up. Times are milliseconds since the epoch. */
export interface SendUsage {
  /** Messages handed over per second since the epoch, those of the last minute, oldest first. */
  recent: { second: number; sent: number }[];
  /** The day in the session's time zone that `sent` and `newChats` are of. */
  day: { start: number; end: number };
  sent: number;
  newChats: number;
  /** The random pause after the last message. */
  gapUntil: number;
}

export interface Verdict {
  /** When the message may be sent; the asked time when nothing speaks against it. */
  at: number;
  because: Extract<WaitingFor, 'pace' | 'day' | 'new-chats' | 'quiet-hours'> | undefined;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** How fast somebody types: a quick typist's 7 characters a second. */
const CHARACTERS_PER_SECOND = 7;

export function unusedOn(at: number, timeZone: string): SendUsage {
  return { recent: [], day: dayAround(at, timeZone), sent: 0, newChats: 0, gapUntil: 0 };
}

/** The earliest time from `now` on at which a message may be sent, and what it waits for. */
export function whenAllowed(
  pacing: PacingSettings,
  usage: SendUsage,
  now: number,
  startsChat: boolean,
): Verdict {
  let at = now;
  let because: Verdict['because'];
  const wait = (until: number, reason: NonNullable<Verdict['because']>) => {
    if (until <= at) return false;
    at = until;
    because = reason;
    return true;
  };
  // Waiting for one limit may lead into another: until none moves the time any more.
  for (let moved = true; moved; ) {
    moved = wait(usage.gapUntil, 'pace') || wait(minuteAllows(pacing, usage, at), 'pace');
    const { quietHours, timeZone } = pacing;
    if (quietHours) moved = wait(quietUntil(at, quietHours, timeZone) ?? 0, 'quiet-hours') || moved;
    if (at >= usage.day.end) continue;
    const { perDay, newChatsPerDay } = pacing;
    if (perDay !== null && usage.sent >= perDay) moved = wait(usage.day.end, 'day') || moved;
    else if (startsChat && newChatsPerDay !== null && usage.newChats >= newChatsPerDay) {
      moved = wait(usage.day.end, 'new-chats') || moved;
    }
  }
  return { at, because };
}

/** When the messages of the last minute leave room; a second counts until it is a minute old as a whole. */
function minuteAllows({ perMinute }: PacingSettings, { recent }: SendUsage, at: number): number {
  if (perMinute === null) return at;
  let sent = 0;
  for (let n = recent.length - 1; n >= 0; n -= 1) {
    const { second, sent: then } = recent[n] as SendUsage['recent'][number];
    const forgotten = (second + 1) * SECOND + MINUTE;
    if (forgotten <= at) break;
    sent += then;
    if (sent >= perMinute) return forgotten;
  }
  return at;
}

/** Counts a message handed over at `at`. `chance` from 0 to 1 chooses the pause after it. */
export function count(
  pacing: PacingSettings,
  usage: SendUsage,
  at: number,
  startsChat: boolean,
  chance: number,
): void {
  if (at >= usage.day.end) {
    usage.day = dayAround(at, pacing.timeZone);
    usage.sent = 0;
    usage.newChats = 0;
  }
  usage.sent += 1;
  if (startsChat) usage.newChats += 1;
  usage.gapUntil = at + Math.round(pacing.jitterSeconds * SECOND * chance);
  const second = Math.floor(at / SECOND);
  const { recent } = usage;
  while (recent.length > 0 && (recent[0]?.second ?? 0) * SECOND < at - MINUTE - 2 * SECOND) {
    recent.shift();
  }
  const last = recent.at(-1);
  if (last && last.second >= second) last.sent += 1;
  else recent.push({ second, sent: 1 });
}

/** When messages that wait will be sent, in the order given, if nothing else comes. */
export function forecast(
  pacing: PacingSettings,
  usage: SendUsage,
  waiting: readonly { readyAt: number; startsChat?: boolean }[],
  now: number,
): Verdict[] {
  const simulated = { ...usage, recent: usage.recent.map((entry) => ({ ...entry })) };
  const verdicts: Verdict[] = [];
  let time = now;
  const byTime = [...waiting.entries()].sort(([, a], [, b]) => a.readyAt - b.readyAt);
  for (const [place, { readyAt, startsChat = false }] of byTime) {
    const from = Math.max(time, readyAt);
    const verdict = whenAllowed(pacing, simulated, from, startsChat);
    verdicts[place] = verdict;
    // A message that waits for its own reason lets the others pass.
    if (verdict.because === 'new-chats') continue;
    time = verdict.at;
    count(pacing, simulated, time, startsChat, 0.5);
  }
  return verdicts;
}

/** How long "typing" is shown before a message (ms). */
export function typingTime({ typingSeconds }: PacingSettings, content: MessageContent): number {
  if (typingSeconds === 0 || content.type !== 'text') return 0;
  return Math.min(typingSeconds, content.text.length / CHARACTERS_PER_SECOND) * SECOND;
}
