import type { Clock } from '../../clock.js';
import { crashPoint } from '../../crash-point.js';
import type { Database } from '../../db/database.js';
import { WriteRefused } from '../../db/write-unit.js';
import type { JobHandler, JobOutcome } from '../../jobs/job.js';
import { Hopeless, Postponed } from '../../jobs/job.js';
import type { Outbox, SendingSession } from '../../outbox/outbox.js';
import type { ChatbotRow, ChatbotStore } from './chatbot-store.js';
import type { ConversationRow, ConversationStore } from './conversation-store.js';
import type { Answer } from './responders/responder.js';
import { NoAnswer } from './responders/responder.js';
import type { Responders } from './responders/responders.js';
import type { ChatbotUsageStore } from './usage-of-chatbots.js';

/** Who goes on writing gets an answer after so many of these silences all the same. */
const MOST_SILENCES = 5;
/** What comes while the model thinks is thought about with the rest, so often. */
const MOST_ROUNDS = 3;
/** Messages that may be part of the history; how many fit is a matter of tokens. */
const HISTORY = 200;
/** WhatsApp shows that somebody types for some 25 s (baileys' clients send it again every 10). */
const TYPING_AGAIN = 10_000;

interface Tools {
  database: Database;
  chatbots: ChatbotStore;
  conversations: ConversationStore;
  usage: ChatbotUsageStore;
  responders: Responders;
  outbox: Pick<Outbox, 'accept'>;
  clock: Clock;
  /** In whose name is sent; undefined: the session is gone or not linked. */
  senderOf(sessionId: string): Promise<SendingSession | undefined>;
  /** What the contact is called, where that is known. */
  nameOf(sessionId: string, chatId: string): Promise<string | null>;
  /** Shows the contact that somebody types; may fail. */
  showTyping(session: SendingSession, chatId: string): Promise<void>;
}

type Question = Awaited<ReturnType<ConversationStore['openQuestions']>>[number];

/** What was to be answered when it failed. */
interface Context {
  bot: ChatbotRow;
  conversation: ConversationRow;
  questions: readonly Question[];
}

/** It is tried again, while there is time. */
class NotAnswered extends Error {
  constructor(
    readonly context: Context,
    cause: unknown,
  ) {
    super(messageOf(cause), { cause });
  }
}

/** Trying again will not help. */
class GivenUp extends Hopeless {
  constructor(
    readonly context: Context,
    message: string,
    readonly because: 'spend_cap' | 'no_answer',
  ) {
    super(message);
  }
}

/** Answers what is open in a conversation, all of it together, once. */
export function answer(tools: Tools): JobHandler<{ chatbotId: string; conversationId: string }> {
  const { chatbots, conversations, usage, clock } = tools;
  return {
    run: async ({ chatbotId, conversationId }, { signal }) => {
      const [bot, conversation, questions] = await Promise.all([
        chatbots.byId(chatbotId),
        conversations.byId(conversationId),
        conversations.openQuestions(conversationId),
      ]);
      if (!bot || !conversation || questions.length === 0) return {};
      const context = { bot, conversation, questions };
      if (!mayAnswer(context)) return silent(tools, context);
      waitForSilence(context, clock.now());
      const { tokensPerDay } = chatbots.aiOf(bot);
      if (tokensPerDay !== null && (await usage.tokensOn(bot.id, clock.now())) >= tokensPerDay) {
        throw new GivenUp(context, `${tokensPerDay} tokens were used today`, 'spend_cap');
      }
      try {
        return await answerAll(tools, context, signal);
      } catch (error) {
        if (!(error instanceof NoAnswer) || error.mayHelp) throw new NotAnswered(context, error);
        throw new GivenUp(context, error.message, 'no_answer');
      }
    },
    failed: (_payload, { error, nextAttemptAt }) => {
      if (!(error instanceof NotAnswered || error instanceof GivenUp)) return [];
      const { bot, conversation, questions } = error.context;
      const noted = conversations.failed(conversation.id, error.message);
      if (nextAttemptAt !== null) return [noted];
      const cause = error instanceof GivenUp ? error.because : 'no_answer';
      return [
        noted,
        ...conversations.settle(conversation.id, idsOf(questions), 'failed', null),
        usage.count(bot.id, clock.now(), { failures: 1 }),
        ...conversations.handOver(bot, conversation, 'human', cause),
      ];
    },
  };
}

function mayAnswer({ bot, conversation }: Context): boolean {
  return bot.enabled === 1 && bot.responder !== 'none' && conversation.state === 'bot';
}

/** Somebody has taken over, or the chatbot was switched off: these get no answer of it. */
function silent({ conversations }: Tools, { conversation, questions }: Context): JobOutcome {
  return { steps: conversations.settle(conversation.id, idsOf(questions), 'silent', null) };
}

/** Who writes in several pieces is let finish. */
function waitForSilence({ bot, questions }: Context, now: number): void {
  const [first, last] = [questions[0]?.asked_at ?? 0, questions.at(-1)?.asked_at ?? 0];
  const until = Math.min(last + bot.quiet_ms, first + MOST_SILENCES * bot.quiet_ms);
  if (until > now) throw new Postponed(until);
}

/** Thinks, again when more was asked meanwhile, and says it. */
async function answerAll(tools: Tools, first: Context, signal: AbortSignal): Promise<JobOutcome> {
  const { conversations, database, usage, clock } = tools;
  let context = first;
  for (let round = 1; ; round += 1) {
    const found = await think(tools, context, signal);
    const spent = { tokens_in: found.tokensIn, tokens_out: found.tokensOut };
    const more = await conversations.openQuestions(first.conversation.id);
    if (more.length <= context.questions.length || round === MOST_ROUNDS) {
      return await say(tools, context, found);
    }
    await database.write([usage.count(first.bot.id, clock.now(), spent)]);
    context = { ...context, questions: more };
  }
}

async function think(tools: Tools, context: Context, signal: AbortSignal): Promise<Answer> {
  const { bot, conversation, questions } = context;
  const sender = await tools.senderOf(bot.session_id);
  const show = () => {
    if (sender) tools.showTyping(sender, conversation.chat_id).catch(() => undefined);
  };
  show();
  const typing = setInterval(show, TYPING_AGAIN);
  try {
    const before = questions[0]?.position ?? 0;
    const history = await tools.conversations.said(conversation.id, before, HISTORY);
    const asked = {
      chatbotId: bot.id,
      conversationId: conversation.id,
      sessionId: bot.session_id,
      chatId: conversation.chat_id,
      name: await tools.nameOf(bot.session_id, conversation.chat_id),
      questions: questions.map(({ message_id: id, content, at }) => ({ id, content, at })),
      history: history.reverse().map(({ by, content }) => ({ by, content })),
    };
    return await tools.responders.answer(bot, asked, signal);
  } finally {
    clearInterval(typing);
  }
}

/** Sends the answer in the unit that settles its questions: once, or not at all. */
async function say(tools: Tools, context: Context, found: Answer): Promise<JobOutcome> {
  const { conversations, usage, clock, outbox } = tools;
  const { bot, conversation, questions } = context;
  const { text } = found;
  const spent = { tokens_in: found.tokensIn, tokens_out: found.tokensOut };
  const settled = (outcome: 'answered' | 'silent', answerId: string | null) => [
    conversations.stillBots(conversation.id),
    ...conversations.settle(conversation.id, idsOf(questions), outcome, answerId),
  ];
  if (text === null) {
    const counted = usage.count(bot.id, clock.now(), spent);
    return { steps: [...settled('silent', null), counted] };
  }
  const sender = await tools.senderOf(bot.session_id);
  if (!sender) throw new NoAnswer('no number is linked to the session', true);
  const counted = usage.count(bot.id, clock.now(), { ...spent, answers: 1 });
  crashPoint('after-responder');
  try {
    await outbox.accept(
      sender,
      conversation.chat_id,
      { type: 'text', text },
      {
        also: (messageId) => [...settled('answered', messageId), counted],
      },
    );
  } catch (error) {
    if (!(error instanceof WriteRefused)) throw error;
    const now = await conversations.byId(conversation.id);
    // One of the questions was settled elsewhere: the others are answered by another try.
    if (now?.state === 'bot') throw new NoAnswer('a question was settled meanwhile', true);
    // Somebody took over while it thought: that stands.
    const left = await conversations.openQuestions(conversation.id);
    const steps = conversations.settle(conversation.id, idsOf(left), 'silent', null);
    return { steps: [...steps, usage.count(bot.id, clock.now(), spent)] };
  }
  return {};
}

function idsOf(questions: readonly Question[]): string[] {
  return questions.map(({ message_id }) => message_id);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
