import { z } from 'zod';
import { MessageStatus } from './message.js';
import { SessionId } from './session.js';

/** The answers of the notification API: the state and the sending of one number, the default session. */

const message = z.string().describe('The same in a sentence');

/** `success` is true; errors have `success: false` and `message` beside `error`. */
function enveloped<Data extends z.ZodType>(id: string, data: Data) {
  return z.object({ success: z.literal(true), data, message: z.string().optional() }).meta({ id });
}

export const NotificationStatus = z
  .enum(['DISCONNECTED', 'CONNECTING', 'QR_READY', 'AUTHENTICATED', 'READY', 'AUTH_FAILURE'])
  .meta({ id: 'NotificationStatus' });
export type NotificationStatus = z.infer<typeof NotificationStatus>;

const standing = {
  ready: z.boolean().describe('Whether messages go out now'),
  initializing: z.boolean().describe('Whether it connects by itself; nobody has to do anything'),
  hasQRCode: z.boolean(),
  reconnectAttempts: z.number().int().describe('That failed in a row'),
};

export const NumberStatus = z.object({ ...standing, message }).meta({ id: 'NumberStatus' });
export type NumberStatus = z.infer<typeof NumberStatus>;
export const NumberStatusAnswer = enveloped('NumberStatusAnswer', NumberStatus);
export type NumberStatusAnswer = z.infer<typeof NumberStatusAnswer>;

export const ConnectionStatus = z
  .object({
    sessionId: z.string().nullable().describe('Null: there is none yet'),
    status: NotificationStatus,
    ...standing,
    qrCodeExpiry: z.iso.datetime().nullable(),
    lastUpdated: z.iso.datetime().nullable().describe('Since when it is like this'),
    message,
  })
  .meta({ id: 'ConnectionStatus' });
export type ConnectionStatus = z.infer<typeof ConnectionStatus>;
export const ConnectionStatusAnswer = enveloped('ConnectionStatusAnswer', ConnectionStatus);
export type ConnectionStatusAnswer = z.infer<typeof ConnectionStatusAnswer>;

export const IsAuthenticatedAnswer = enveloped(
  'IsAuthenticatedAnswer',
  z.object({ authenticated: z.boolean().describe('Whether a number is linked'), message }),
);
export type IsAuthenticatedAnswer = z.infer<typeof IsAuthenticatedAnswer>;

export const NumberQr = z
  .object({
    qr: z.string().describe('A PNG data URL'),
    generatedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().describe('The next one follows by itself'),
    message,
  })
  .meta({ id: 'NumberQr' });
export type NumberQr = z.infer<typeof NumberQr>;
export const NumberQrAnswer = enveloped('NumberQrAnswer', NumberQr);
export type NumberQrAnswer = z.infer<typeof NumberQrAnswer>;
export const NewQrAnswer = enveloped(
  'NewQrAnswer',
  NumberQr.extend({ expiryInSeconds: z.number().int() }),
);
export type NewQrAnswer = z.infer<typeof NewQrAnswer>;

/** Body of `POST /api/whatsapp/send`. */
export const SendNotification = z
  .object({
    phone: z
      .string()
      .min(1)
      .max(40)
      .describe('With its country code, or as it is written in DEFAULT_COUNTRY'),
    message: z.string().min(1).max(65_536),
  })
  .strict()
  .meta({ id: 'SendNotification' });
export type SendNotification = z.infer<typeof SendNotification>;

export const NotificationAnswer = z
  .object({
    success: z.boolean(),
    message: z.string(),
    data: z.object({
      messageId: z.string(),
      chatId: z.string(),
      status: MessageStatus,
      dueAt: z.iso.datetime().optional(),
    }),
  })
  .meta({ id: 'NotificationAnswer' });
export type NotificationAnswer = z.infer<typeof NotificationAnswer>;

/** What `disconnect` and `reconnect` answer. */
export const NumberCommandAnswer = z
  .object({
    success: z.literal(true),
    message: z.string(),
    data: z.object({ sessionId: z.string(), status: NotificationStatus }),
  })
  .meta({ id: 'NumberCommandAnswer' });
export type NumberCommandAnswer = z.infer<typeof NumberCommandAnswer>;

/** Which session the notification API speaks for. */
export const DefaultSessionAnswer = enveloped(
  'DefaultSessionAnswer',
  z.object({
    sessionId: z.string().nullable().describe('Null: there is none yet'),
    chosen: z.boolean().describe('Whether the caller has chosen it; else it is the oldest one'),
  }),
);
export type DefaultSessionAnswer = z.infer<typeof DefaultSessionAnswer>;

export const ChooseDefaultSession = z
  .object({ sessionId: SessionId.nullable().describe('Null: the oldest one again') })
  .strict()
  .meta({ id: 'ChooseDefaultSession' });
export type ChooseDefaultSession = z.infer<typeof ChooseDefaultSession>;
