import { z } from 'zod';

/** Ids as on the wire: `<user>@s.whatsapp.net`, `<user>@lid`, `<id>@g.us`, `status@broadcast` ... */
export const Jid = z.string().min(3).max(128);

const quoted = { quotedMessageId: z.string().optional() };

/** What is known of a file before its bytes are here, as the sender says it. */
const mediaFacts = {
  /** Bytes. */
  size: z.number().int().min(0).optional(),
  /** Pixels. */
  width: z.number().int().min(0).optional(),
  height: z.number().int().min(0).optional(),
  /** Duration. */
  seconds: z.number().min(0).optional(),
  /** Loudness over time of a voice note: 64 values from 0 to 100. */
  waveform: z.array(z.number().int().min(0).max(255)).max(256).optional(),
  /** A voice note rather than an audio file. */
  voice: z.boolean().optional(),
  /** A video that plays by itself, over and over. */
  gif: z.boolean().optional(),
};

/** What a message says, whichever engine brought it. Unknown kinds keep their raw payload beside. */
export const MessageContent = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('text'),
      text: z.string(),
      /** Jids of persons whom the text names as `@<user part>`. */
      mentions: z.array(Jid).optional(),
      ...quoted,
    }),
    z.object({
      type: z.enum(['image', 'video', 'audio', 'document', 'sticker']),
      mimetype: z.string().optional(),
      caption: z.string().optional(),
      filename: z.string().optional(),
      /** Hash of the file, hexadecimal; of an outgoing one, the name under which it is stored. */
      sha256: z.string().optional(),
      ...mediaFacts,
      ...quoted,
    }),
    z.object({
      type: z.literal('location'),
      latitude: z.number(),
      longitude: z.number(),
      name: z.string().optional(),
      ...quoted,
    }),
    z.object({ type: z.literal('contact'), displayName: z.string(), vcard: z.string(), ...quoted }),
    z.object({
      type: z.literal('poll'),
      name: z.string(),
      options: z.array(z.string()),
      ...quoted,
    }),
    z.object({ type: z.literal('reaction'), targetId: z.string(), emoji: z.string() }),
    z.object({ type: z.literal('edit'), targetId: z.string(), text: z.string() }),
    z.object({ type: z.literal('revoke'), targetId: z.string() }),
    z.object({ type: z.literal('system'), text: z.string() }),
    z.object({ type: z.literal('undecryptable'), reason: z.string() }),
    z.object({ type: z.literal('other'), kind: z.string(), ...quoted }),
  ])
  .meta({ id: 'MessageContent' });
export type MessageContent = z.infer<typeof MessageContent>;
export type MessageType = MessageContent['type'];

/** Ways of an outgoing message; `received` is every inbound one. */
export const MessageStatus = z
  .enum(['received', 'queued', 'sending', 'sent', 'delivered', 'read', 'played', 'failed'])
  .meta({ id: 'MessageStatus' });
export type MessageStatus = z.infer<typeof MessageStatus>;

export const Message = z
  .object({
    id: z.string(),
    chatId: z.string(),
    /** What to show as text: the text itself, a caption, or a short description. */
    content: z.string(),
    timestamp: z.iso.datetime(),
    fromMe: z.boolean(),
    senderName: z.string().nullable(),
    senderJid: z.string().nullable(),
    type: z.string(),
    status: MessageStatus,
    /** Why a failed message failed. */
    error: z.string().nullable(),
    mimetype: z.string().optional(),
    filename: z.string().optional(),
    caption: z.string().optional(),
    /** Path of the file on this server; it is fetched from WhatsApp when it is not here yet. */
    mediaUrl: z.string().optional(),
    /** Path of a small JPEG that came with the message. */
    thumbnailUrl: z.string().optional(),
    media: z.object(mediaFacts).optional(),
    quotedMessage: z.object({ id: z.string(), content: z.string() }).optional(),
    reactions: z.array(z.object({ emoji: z.string(), fromMe: z.boolean(), senderJid: z.string() })),
  })
  .meta({ id: 'Message' });
export type Message = z.infer<typeof Message>;

/** A page of messages, oldest first; `before` continues towards older ones, null at the beginning. */
export const MessagePage = z
  .object({ messages: z.array(Message), before: z.string().nullable() })
  .meta({ id: 'MessagePage' });
export type MessagePage = z.infer<typeof MessagePage>;

export const Chat = z
  .object({
    id: z.string(),
    name: z.string(),
    phone: z.string().nullable(),
    profilePicUrl: z.string().nullable(),
    lastMessage: z
      .object({
        content: z.string(),
        timestamp: z.iso.datetime(),
        fromMe: z.boolean(),
        type: z.string(),
        status: MessageStatus,
      })
      .nullable(),
    unreadCount: z.number().int(),
    isGroup: z.boolean(),
  })
  .meta({ id: 'Chat' });
export type Chat = z.infer<typeof Chat>;

/** Chats by recency; `after` continues the list, null at its end. */
export const ChatPage = z
  .object({ chats: z.array(Chat), after: z.string().nullable() })
  .meta({ id: 'ChatPage' });
export type ChatPage = z.infer<typeof ChatPage>;

/** `chatId`: a chat's id, a phone number in digits, or a jid. */
export const SendText = z
  .object({
    chatId: z.string().min(1).max(128),
    text: z.string().min(1).max(65_536),
    quotedMessageId: z.string().min(1).max(128).optional(),
  })
  .strict()
  .meta({ id: 'SendText' });
export type SendText = z.infer<typeof SendText>;

export const SendAnswer = z
  .object({ success: z.literal(true), messageId: z.string(), chatId: z.string() })
  .meta({ id: 'SendAnswer' });
export type SendAnswer = z.infer<typeof SendAnswer>;
