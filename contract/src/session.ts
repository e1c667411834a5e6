import { z } from 'zod';
import { PHONE_DIGITS } from './phone-digits.js';

/** `remote`: a session process of somebody else's (WHATSAPP_QR_SERVICE_URL). */
export const EngineKind = z.enum(['baileys', 'wwebjs', 'remote']).meta({ id: 'EngineKind' });
export type EngineKind = z.infer<typeof EngineKind>;

/** The one vocabulary of session states; every other is a mapping of it (status-vocabularies.ts). */
export const SessionStatus = z
  .enum([
    'starting',
    'qr',
    'pairing',
    'connected',
    'reconnecting',
    'closed',
    'logged_out',
    'failed',
  ])
  .meta({ id: 'SessionStatus' });
export type SessionStatus = z.infer<typeof SessionStatus>;

/** Why a session is in its status, for machines; docs/troubleshooting.md has a section for each. */
export const StatusReason = z
  .enum([
    'none',
    'created',
    'restored',
    'requested',
    'paired',
    'restart_required',
    'connection_lost',
    'stuck',
    'qr_expired',
    'closed_by_user',
    'logged_out_by_user',
    'device_removed',
    'replaced',
    'banned',
    'client_outdated',
    'number_already_linked',
    'credentials_unreadable',
    'browser_failed',
  ])
  .meta({ id: 'StatusReason' });
export type StatusReason = z.infer<typeof StatusReason>;

/** What a person should do about it. */
export const StatusAction = z
  .enum(['scan', 'restart', 'wait', 'none'])
  .meta({ id: 'StatusAction' });
export type StatusAction = z.infer<typeof StatusAction>;

/** A session id is chosen by the client of PUT, or a UUID made by us. */
export const SessionId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'letters, digits, "_", "-" and ".", at most 64')
  .meta({ id: 'SessionId' });

export const Phone = z
  .string()
  .regex(PHONE_DIGITS, 'digits only, country code first, no "+"')
  .meta({ id: 'Phone' });

export const SessionState = z
  .object({
    status: SessionStatus,
    reason: StatusReason,
    action: StatusAction,
    since: z.iso.datetime(),
    /** Failed connection attempts in a row; 0 when none. */
    attempt: z.number().int(),
    /** When the next attempt or the next QR is due. */
    nextAttemptAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'SessionState' });
export type SessionState = z.infer<typeof SessionState>;

/** A QR to scan. `code` is the text in it, `dataUrl` a PNG picture of it. */
export const Qr = z
  .object({ code: z.string(), dataUrl: z.string(), expiresAt: z.iso.datetime() })
  .meta({ id: 'Qr' });
export type Qr = z.infer<typeof Qr>;

export const PairingCode = z
  .object({ code: z.string(), expiresAt: z.iso.datetime() })
  .meta({ id: 'PairingCode' });
export type PairingCode = z.infer<typeof PairingCode>;

/** A session as the inbox and the pages see it; `status` is in the inbox vocabulary. */
export const Session = z
  .object({
    id: z.string(),
    userId: z.string(),
    slot: z.number().int(),
    engine: EngineKind,
    phone: z.string().nullable(),
    jid: z.string().nullable(),
    /** The name that the user gave the account. */
    label: z.string().nullable(),
    /** The name that the owner of the number chose; until it is known, the label. */
    displayName: z.string().nullable(),
    profilePicUrl: z.string().nullable(),
    status: z.enum(['connecting', 'qr_ready', 'connected', 'disconnected']),
    state: SessionState,
    lastSeen: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
    lastMessageAt: z.iso.datetime().nullable(),
    /** Messages since midnight UTC. */
    today: z.object({ received: z.number().int(), sent: z.number().int() }),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof Session>;

export const SessionList = z.object({ sessions: z.array(Session) }).meta({ id: 'SessionList' });
export type SessionList = z.infer<typeof SessionList>;

/** The place of an account among those of its user. One that is not connected is used again. */
export const Slot = z.number().int().min(1).max(1000).meta({ id: 'Slot' });

/** Body of PUT /api/sessions/:id; all optional. `provider` is another name of `engine`. */
export const EnsureSession = z
  .object({
    engine: EngineKind.optional(),
    provider: EngineKind.optional(),
    phone: Phone.optional(),
    storage: z.enum(['file']).optional(),
    displayName: z.string().trim().min(1).max(100).optional(),
    slot: Slot.optional(),
  })
  .strict()
  .meta({ id: 'EnsureSession' });
export type EnsureSession = z.infer<typeof EnsureSession>;

/** What PUT and the two DELETEs answer; `status` is in the session-service vocabulary. */
export const SessionAnswer = z
  .object({
    id: z.string(),
    status: z.enum(['starting', 'ready', 'closed', 'removed']),
    engine: EngineKind,
    qr: Qr.optional(),
    pairingCode: z.string().optional(),
    jid: z.string().optional(),
    state: SessionState,
  })
  .meta({ id: 'SessionAnswer' });
export type SessionAnswer = z.infer<typeof SessionAnswer>;

export const SessionStatusAnswer = z
  .object({
    id: z.string(),
    status: z.enum(['connecting', 'qr_ready', 'connected', 'disconnected']),
    phone: z.string().nullable(),
    displayName: z.string().nullable(),
    socketActive: z.boolean(),
    state: SessionState,
  })
  .meta({ id: 'SessionStatusAnswer' });
export type SessionStatusAnswer = z.infer<typeof SessionStatusAnswer>;

export const RequestPairingCode = z
  .object({ phone: Phone })
  .strict()
  .meta({ id: 'RequestPairingCode' });
export type RequestPairingCode = z.infer<typeof RequestPairingCode>;

/** An account: the dashboard's short view of a session. Never carries a QR. */
export const Account = z
  .object({
    id: z.string(),
    platform: z.literal('whatsapp'),
    /** `pending_...` until a number is linked. */
    jid: z.string(),
    displayName: z.string().nullable(),
    status: z.enum(['ACTIVE', 'DISCONNECTED']),
  })
  .meta({ id: 'Account' });
export type Account = z.infer<typeof Account>;

export const CreateAccount = z
  .object({
    displayName: z.string().trim().min(1).max(100).optional(),
    slot: Slot.optional(),
    engine: EngineKind.optional(),
  })
  .strict()
  .meta({ id: 'CreateAccount' });
export type CreateAccount = z.infer<typeof CreateAccount>;

export const AccountQr = z
  .object({ status: z.enum(['ACTIVE', 'DISCONNECTED']), qrDataUrl: z.string().nullable() })
  .meta({ id: 'AccountQr' });
export type AccountQr = z.infer<typeof AccountQr>;
