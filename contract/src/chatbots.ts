import { z } from 'zod';
import { Phone, SessionId } from './session.js';

/** Text of one line; PostgreSQL stores no NUL. */
const line = () =>
  z
    .string()
    .trim()
    .regex(/^[^\p{Cc}]*$/u, 'must not hold control characters');
const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => !value.includes('\0'), 'must not hold NUL');
const url = () => line().min(8).max(2048);

/**
 * Who answers. `none`: nobody of ours; a program of yours may, through the queue `incoming-messages`.
 * `ai`: an OpenAI-compatible endpoint. `webhook`: your URL, whose answer becomes the reply.
 */
export const Responder = z.enum(['none', 'ai', 'webhook']).meta({ id: 'Responder' });
export type Responder = z.infer<typeof Responder>;

const ai = {
  baseUrl: url()
    .nullable()
    .describe('Of the API, up to before `/chat/completions`: `https://api.openai.com/v1`'),
  model: line().max(200).nullable(),
  prompt: text(20_000).describe('The system prompt'),
  historyTokens: z
    .number()
    .int()
    .min(0)
    .max(200_000)
    .describe('How much of the conversation the model is shown, in estimated tokens'),
  answerTokens: z.number().int().min(1).max(32_000).describe('Longest answer (`max_tokens`)'),
  stream: z.boolean().describe('Whether the answer is asked for as a stream'),
  tokensPerDay: z
    .number()
    .int()
    .min(1)
    .max(1_000_000_000)
    .nullable()
    .describe('Spend cap: once so many tokens were used in a day (UTC), people take over'),
};

const quietSeconds = z
  .number()
  .min(0)
  .max(60)
  .describe('Who writes in several pieces is answered once, after so long a silence');

const webhookUrl = url().nullable().describe('Called with each question: docs/chatbots.md');

export const Chatbot = z
  .object({
    id: z.uuid(),
    name: z.string(),
    sessionId: z.string(),
    enabled: z.boolean(),
    responder: Responder,
    ai: z.object({ ...ai, hasApiKey: z.boolean() }),
    webhookUrl,
    quietSeconds,
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Chatbot' });
export type Chatbot = z.infer<typeof Chatbot>;

const changeable = {
  name: line().min(1).max(100).optional(),
  enabled: z.boolean().optional(),
  responder: Responder.optional(),
  ai: z
    .object({ ...ai, apiKey: line().max(1000).nullable() })
    .partial()
    .strict()
    .optional()
    .describe('The key is stored encrypted and never shown again; null removes it'),
  webhookUrl: webhookUrl.optional(),
  quietSeconds: quietSeconds.optional(),
};

/** Off until it is enabled. */
export const CreateChatbot = z
  .object({ ...changeable, name: line().min(1).max(100), sessionId: SessionId })
  .strict()
  .meta({ id: 'CreateChatbot' });
export type CreateChatbot = z.infer<typeof CreateChatbot>;

/** Fields that are absent stay as they are. */
export const ChangeChatbot = z.object(changeable).strict().meta({ id: 'ChangeChatbot' });
export type ChangeChatbot = z.infer<typeof ChangeChatbot>;

/** The answer to creating: the secret that signs calls of the webhook is shown this once. */
export const CreatedChatbot = Chatbot.extend({ webhookSecret: z.string() }).meta({
  id: 'CreatedChatbot',
});
export type CreatedChatbot = z.infer<typeof CreatedChatbot>;

export const ChatbotList = z.object({ chatbots: z.array(Chatbot) }).meta({ id: 'ChatbotList' });
export type ChatbotList = z.infer<typeof ChatbotList>;

/**
 * `bot`: the chatbot answers; `human`: it keeps silent, for somebody has taken over; `closed`: done,
 * until the contact writes again.
 */
export const ConversationState = z
  .enum(['bot', 'human', 'closed'])
  .meta({ id: 'ConversationState' });
export type ConversationState = z.infer<typeof ConversationState>;

/**
 * What put a conversation in its state: somebody here, an answer from the phone itself, the spend
 * cap, an answer that could not be had, a closed conversation in which the contact wrote again.
 */
export const StateCause = z
  .enum(['person', 'phone', 'spend_cap', 'no_answer', 'contact'])
  .meta({ id: 'StateCause' });
export type StateCause = z.infer<typeof StateCause>;

export const Conversation = z
  .object({
    id: z.uuid(),
    chatbotId: z.uuid(),
    sessionId: z.string(),
    chatId: z.string(),
    name: z.string().nullable().describe('what the contact is called, where that is known'),
    state: ConversationState,
    stateCause: StateCause.nullable().describe('Null: as it began'),
    stateAt: z.iso.datetime().nullable(),
    lastMessageAt: z.iso.datetime(),
    lastMessage: z.object({ content: z.string(), fromMe: z.boolean() }).nullable(),
    error: z.string().nullable().describe('Why the last question has no answer'),
  })
  .meta({ id: 'Conversation' });
export type Conversation = z.infer<typeof Conversation>;

/** Conversations, newest first; `after` continues towards older ones, null at the end. */
export const ConversationPage = z
  .object({ conversations: z.array(Conversation), after: z.string().nullable() })
  .meta({ id: 'ConversationPage' });
export type ConversationPage = z.infer<typeof ConversationPage>;

export const ConversationMessage = z
  .object({
    id: z.string().describe("WhatsApp's id"),
    by: z.enum(['contact', 'bot', 'human']),
    content: z.string(),
    timestamp: z.iso.datetime(),
  })
  .meta({ id: 'ConversationMessage' });
export type ConversationMessage = z.infer<typeof ConversationMessage>;

/** Messages of a conversation, newest first; `before` continues towards older ones. */
export const ConversationMessagePage = z
  .object({ messages: z.array(ConversationMessage), before: z.string().nullable() })
  .meta({ id: 'ConversationMessagePage' });
export type ConversationMessagePage = z.infer<typeof ConversationMessagePage>;

export const HandOver = z.object({ state: ConversationState }).strict().meta({ id: 'HandOver' });
export type HandOver = z.infer<typeof HandOver>;

/** A day (UTC) of a chatbot. */
export const ChatbotDay = z
  .object({
    day: z.iso.date(),
    messagesIn: z.number().int(),
    messagesOut: z.number().int(),
    answers: z.number().int(),
    failures: z.number().int().describe('Questions that were given up'),
    tokensIn: z.number().int(),
    tokensOut: z.number().int(),
  })
  .meta({ id: 'ChatbotDay' });
export type ChatbotDay = z.infer<typeof ChatbotDay>;

/** Each day of the span, oldest first, also those on which nothing happened. */
export const ChatbotUsage = z.object({ days: z.array(ChatbotDay) }).meta({ id: 'ChatbotUsage' });
export type ChatbotUsage = z.infer<typeof ChatbotUsage>;

const chatTurn = z
  .object({ by: z.enum(['contact', 'bot']), content: text(10_000).min(1) })
  .strict();

/** A conversation that is not on WhatsApp; nothing is sent, tokens count. */
export const TestChat = z
  .object({
    message: text(10_000).min(1).describe('What the contact says'),
    history: z.array(chatTurn).max(100).optional().describe('What was said before, oldest first'),
  })
  .strict()
  .meta({ id: 'TestChat' });
export type TestChat = z.infer<typeof TestChat>;

export const TestChatAnswer = z
  .object({
    content: z.string().nullable().describe('Null: it chose not to answer'),
    tokensIn: z.number().int(),
    tokensOut: z.number().int(),
    durationMs: z.number().int(),
  })
  .meta({ id: 'TestChatAnswer' });
export type TestChatAnswer = z.infer<typeof TestChatAnswer>;

/** What a responder's URL is called with. */
export const ResponderCall = z
  .object({
    chatbotId: z.string(),
    conversationId: z.string(),
    sessionId: z.string().nullable(),
    chatId: z.string().nullable(),
    name: z.string().nullable(),
    messages: z
      .array(z.object({ id: z.string(), content: z.string(), timestamp: z.iso.datetime() }))
      .describe('What came since the last answer, oldest first'),
    history: z
      .array(z.object({ by: z.enum(['contact', 'bot', 'human']), content: z.string() }))
      .describe('What was said before, oldest first'),
  })
  .meta({ id: 'ResponderCall' });
export type ResponderCall = z.infer<typeof ResponderCall>;

/** Session status in the words of the chatbot module. */
export const ChatbotSessionStatus = z
  .enum(['DISCONNECTED', 'CONNECTING', 'QR_READY', 'CONNECTED'])
  .meta({ id: 'ChatbotSessionStatus' });
export type ChatbotSessionStatus = z.infer<typeof ChatbotSessionStatus>;

export const InitBotSession = z
  .object({
    chatbotId: z.uuid().optional().describe('Starts the session of this chatbot'),
    sessionId: SessionId.optional().describe('Starts this session; absent: a new one'),
  })
  .strict()
  .meta({ id: 'InitBotSession' });
export type InitBotSession = z.infer<typeof InitBotSession>;

export const BotSession = z
  .object({
    success: z.literal(true),
    sessionId: z.string(),
    status: ChatbotSessionStatus,
    phone: z.string().nullable(),
  })
  .meta({ id: 'BotSession' });
export type BotSession = z.infer<typeof BotSession>;

export const BotQr = z
  .object({
    success: z.literal(true),
    sessionId: z.string(),
    status: ChatbotSessionStatus,
    qrCode: z.string().nullable().describe('A PNG as a base64 data URL; null while there is none'),
    expiresAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'BotQr' });
export type BotQr = z.infer<typeof BotQr>;

export const BotSend = z
  .object({
    sessionId: SessionId,
    to: line().min(1).max(128).describe('Phone number, chat id or jid'),
    message: text(65_536).min(1),
  })
  .strict()
  .meta({ id: 'BotSend' });
export type BotSend = z.infer<typeof BotSend>;

export const NameBotSession = z
  .object({ sessionId: SessionId })
  .strict()
  .meta({ id: 'NameBotSession' });
export type NameBotSession = z.infer<typeof NameBotSession>;

/** What a session process tells of a session: `POST /api/whatsapp-qr/webhook`. */
export const BotStatusNotice = z
  .object({
    sessionId: SessionId,
    status: ChatbotSessionStatus,
    phone: Phone.nullish().describe('The number, with `CONNECTED`'),
    qrCode: line()
      .min(1)
      .max(200_000)
      .nullish()
      .describe('A PNG in base64, as a data URL or bare, with `QR_READY`; absent: it is fetched'),
    expiresAt: z.iso.datetime({ offset: true }).nullish().describe('Of the QR'),
  })
  .meta({ id: 'BotStatusNotice' });
export type BotStatusNotice = z.infer<typeof BotStatusNotice>;

/** A message that a session process has received: `POST /api/whatsapp-qr/incoming`. */
export const BotIncoming = z
  .object({
    sessionId: SessionId,
    messageId: line().min(1).max(128).describe("WhatsApp's id; told again, it changes nothing"),
    from: line().min(5).max(128).describe('Phone number or jid of who wrote it'),
    chatId: line()
      .min(5)
      .max(128)
      .nullish()
      .describe('Where: a jid or phone number; absent: the private chat with `from`'),
    message: text(65_536).describe('The text or caption; empty: something without words'),
    type: line().max(50).nullish().describe('What it is, when it is no text: `image` ...'),
    name: line().max(200).nullish().describe('What the author is called'),
    timestamp: z
      .union([z.iso.datetime({ offset: true }), z.number().int().min(0).max(10_000_000_000)])
      .describe('ISO 8601, or seconds since the epoch'),
    fromMe: z
      .boolean()
      .optional()
      .describe('Written on the phone itself; never what `POST /send` asked for'),
  })
  .meta({ id: 'BotIncoming' });
export type BotIncoming = z.infer<typeof BotIncoming>;
