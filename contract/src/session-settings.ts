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

const PROXIES = ['http:', 'https:', 'socks5:', 'socks5h:'];

function isProxyUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname, search } = new URL(text);
  return PROXIES.includes(protocol) && hostname !== '' && pathname.length < 2 && search === '';
}

/** How a session connects. A change of any of these connects anew. */
export const ConnectionSettings = z
  .object({
    /**
     * `http://user:password@host:port`, or `https`, `socks5` (names are looked up here), `socks5h`
     * (by the proxy). With it nothing of the session connects in another way, also when the proxy is
     * away. Answers show `***` in place of the password.
     */
    proxyUrl: z
      .string()
      .max(512)
      .refine(isProxyUrl, 'http://, https://, socks5:// or socks5h:// and host:port')
      .nullable(),
    /** The name under _Linked devices_ on the phone, from the next link on; null: the server's. */
    deviceName: z.string().trim().min(1).max(50).nullable(),
    /** What the phone is asked for when it links. */
    historyDepth: z.enum(['none', 'recent', 'full']),
    /** Shows the account as online while connected; the phone then makes no sounds. */
    markOnline: z.boolean(),
  })
  .strict()
  .meta({ id: 'ConnectionSettings' });
export type ConnectionSettings = z.infer<typeof ConnectionSettings>;

/** What a session does by itself with what comes in. */
export const IncomingSettings = z
  .object({
    /** Marks messages as read when they are stored. */
    autoRead: z.boolean(),
    rejectCalls: z.boolean(),
    /** What is ignored is acknowledged, and neither stored nor told. */
    ignoreStatus: z.boolean(),
    ignoreGroups: z.boolean(),
    ignoreChannels: z.boolean(),
  })
  .strict()
  .meta({ id: 'IncomingSettings' });
export type IncomingSettings = z.infer<typeof IncomingSettings>;

/** The settings of a session as they are in force. */
export const SessionSettings = z
  .object({ pacing: PacingSettings, connection: ConnectionSettings, incoming: IncomingSettings })
  .strict()
  .meta({ id: 'SessionSettings' });
export type SessionSettings = z.infer<typeof SessionSettings>;

/** Body of PUT /api/sessions/:id/settings: what it names is changed, the rest stays. */
export const ChangeSessionSettings = z
  .object({
    pacing: PacingSettings.partial().optional(),
    connection: ConnectionSettings.partial().optional(),
    incoming: IncomingSettings.partial().optional(),
  })
  .strict()
  .meta({ id: 'ChangeSessionSettings' });
export type ChangeSessionSettings = z.infer<typeof ChangeSessionSettings>;
