import { z } from 'zod';

/** A limit; null means none. */
const limit = z.number().int().min(1).max(1_000_000).nullable();

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day like 22:30');

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** How fast a session sends. What is over a limit waits; nothing is dropped. */
export const PacingSettings = z
  .object({
    perMinute: limit,
    /** Per calendar day of `timeZone`. */
    perDay: limit,
    /** Persons per day to whom we write first, having never heard from them. */
    newChatsPerDay: limit,
    /** After each message the next one waits a random time up to this many seconds. */
    jitterSeconds: z.number().min(0).max(60),
    /** Shows "typing" before a text for as long as it would take to type, at most this long. */
    typingSeconds: z.number().min(0).max(30),
    /** Nothing is sent between these times of day; `from` may be later than `to`. */
    quietHours: z
      .object({ from: timeOfDay, to: timeOfDay })
      .strict()
      .refine(({ from, to }) => from !== to, 'from and to must differ')
      .nullable(),
    /** IANA name, like America/Lima; for days and quiet hours. */
    timeZone: z.string().max(64).refine(isTimeZone, 'an IANA time zone like America/Lima'),
  })
  .strict()
  .meta({ id: 'PacingSettings' });
export type PacingSettings = z.infer<typeof PacingSettings>;

/** The settings of a session as they are in force. */
export const SessionSettings = z
  .object({ pacing: PacingSettings })
  .strict()
  .meta({ id: 'SessionSettings' });
export type SessionSettings = z.infer<typeof SessionSettings>;

/** Body of PUT /api/sessions/:id/settings: what it names is changed, the rest stays. */
export const ChangeSessionSettings = z
  .object({ pacing: PacingSettings.partial().optional() })
  .strict()
  .meta({ id: 'ChangeSessionSettings' });
export type ChangeSessionSettings = z.infer<typeof ChangeSessionSettings>;
