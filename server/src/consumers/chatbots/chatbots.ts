import type {
  Chatbot,
  ConversationState,
  StateCause,
  TestChat,
  TestChatAnswer,
} from '@patchbay/contract';
import type { Logger } from 'pino';
import type { Principal, SessionScope } from '../../auth/principal.js';
import type { SessionAccess } from '../../auth/session-access.js';
import type { ChatAddresses } from '../../chats/chat-addresses.js';
import { calledIn } from '../../chats/mention-names.js';
import type { Clock } from '../../clock.js';
import type { Duties } from '../../cluster/duties.js';
import type { Database } from '../../db/database.js';
import type { WriteStep } from '../../db/write-unit.js';
import { EventConsumer } from '../../event-log/consumer.js';
import type { EventLog } from '../../event-log/event-log.js';
import { ApiError } from '../../http/api-error.js';
import type { JobQueue } from '../../jobs/job-queue.js';
import type { Outbox, SendingSession } from '../../outbox/outbox.js';
import type { SecretBox } from '../../secrets/secret-box.js';
import type { GuardedFetch } from '../../user-urls/guarded-fetch.js';
import { answer } from './answer.js';
import { answerJob } from './answer-job.js';
import { chatbotReader } from './chatbot-reader.js';
import type { ChatbotRow } from './chatbot-store.js';
import { ChatbotStore } from './chatbot-store.js';
import type { ConversationRow } from './conversation-store.js';
import { ConversationStore } from './conversation-store.js';
import { Responders } from './responders/responders.js';
import { ChatbotUsageStore } from './usage-of-chatbots.js';

/** A test chat waits no longer for its answer (ms). */
const TEST_WITHIN = 60_000;

interface Tools {
  access: SessionAccess;
  database: Database;
  log: EventLog;
  leases: Duties;
  addresses: ChatAddresses;
  box: SecretBox;
  queue: JobQueue;
  guarded: GuardedFetch;
  outbox: Outbox;
  clock: Clock;
  logger: Logger;
  nextEvent(sessionId: string): WriteStep;
  senderOf(sessionId: string): Promise<SendingSession | undefined>;
  showTyping(session: SendingSession, chatId: string): Promise<void>;
}

/** The chatbots of this process: reads the log, keeps conversations, has questions answered. */
export class Chatbots {
  private readonly consumer: EventConsumer;
  private readonly responders: Responders;
  readonly store: ChatbotStore;
  readonly conversations: ConversationStore;
  readonly usage: ChatbotUsageStore;

  constructor(private readonly tools: Tools) {
    const { database, log, leases, box, queue, guarded, clock, logger, addresses } = tools;
    this.store = new ChatbotStore(database, box, guarded, log.wakeup);
    this.conversations = new ConversationStore(database, log, tools.nextEvent);
    this.usage = new ChatbotUsageStore(database);
    this.responders = new Responders(this.store, guarded);
    const { store: chatbots, conversations, usage, responders } = this;
    const nameOf = async (sessionId: string, chatId: string) =>
      (await calledIn(database, sessionId, [chatId])).names.get(chatId) ?? null;
    queue.handle(
      answerJob,
      answer({ ...tools, chatbots, conversations, usage, responders, nameOf }),
    );
    const reader = chatbotReader({ database, chatbots, conversations, queue, clock });
    this.consumer = new EventConsumer({ database, log, leases, reader, logger, clock });
    addresses.onMerge(async (sessionId, from, into) => {
      const bot = (await chatbots.bySession()).get(sessionId);
      return bot ? conversations.chatMerged(bot, from, into) : [];
    });
  }

  async start(): Promise<void> {
    await this.consumer.start();
  }

  async stop(): Promise<void> {
    await this.consumer.stop();
  }

  /** Steps that forget the chatbot of a deleted session. */
  forget(sessionId: string): WriteStep[] {
    return this.store.forget(sessionId);
  }

  async list(caller: Principal): Promise<Chatbot[]> {
    const rows = await this.store.list(await this.tools.access.reach(caller));
    return rows.map((row) => this.store.view(row));
  }

  /** @throws {ApiError} chatbot_not_found, also when the caller may not use its session */
  async find(caller: Principal, id: string): Promise<ChatbotRow> {
    const row = await this.store.byId(id);
    if (row && (await this.tools.access.find(caller, row.session_id))) return row;
    throw new ApiError('chatbot_not_found', `There is no chatbot "${id}"`);
  }

  /** The same for those who may change the session. @throws {ApiError} forbidden */
  async findToManage(caller: Principal, id: string): Promise<ChatbotRow> {
    const row = await this.find(caller, id);
    const scope = { id: row.session_id, ownerId: row.owner_id };
    if (this.tools.access.manages(caller, scope)) return row;
    throw new ApiError('forbidden', 'The account is shared with you; its owner may do this');
  }

  /** The session of a chatbot. @throws {ApiError} chatbot_not_found, forbidden */
  async sessionOf(caller: Principal, id: string, toManage: boolean): Promise<SessionScope> {
    const row = await (toManage ? this.findToManage(caller, id) : this.find(caller, id));
    return { id: row.session_id, ownerId: row.owner_id };
  }

  /** Gives a conversation to the bot, to people, or to nobody. */
  async handOver(
    bot: ChatbotRow,
    conversation: ConversationRow,
    state: ConversationState,
    cause: StateCause,
  ): Promise<void> {
    if (conversation.state === state) return;
    const { database, log } = this.tools;
    await database.write(this.conversations.handOver(bot, conversation, state, cause));
    log.wakeup.hint('events');
  }

  /** What the chatbot would answer; sends nothing. @throws {ApiError} no_answer, chatbot_incomplete */
  async test(bot: ChatbotRow, { message, history = [] }: TestChat): Promise<TestChatAnswer> {
    const { baseUrl, model } = this.store.aiOf(bot);
    const isReady = bot.responder === 'ai' ? baseUrl && model : bot.webhook_url;
    if (bot.responder === 'none' || !isReady) {
      throw new ApiError('chatbot_incomplete', 'The chatbot has nobody yet who answers for it');
    }
    const { clock, database } = this.tools;
    const begun = clock.now();
    const asked = {
      chatbotId: bot.id,
      conversationId: 'test',
      sessionId: null,
      chatId: null,
      name: null,
      history,
      questions: [{ id: 'test', content: message, at: begun }],
    };
    const signal = AbortSignal.timeout(TEST_WITHIN);
    const { text, tokensIn, tokensOut } = await this.responders
      .answer(bot, asked, signal)
      .catch((error: unknown) => {
        throw new ApiError('no_answer', error instanceof Error ? error.message : String(error));
      });
    const spent = { tokens_in: tokensIn, tokens_out: tokensOut };
    await database.write([this.usage.count(bot.id, begun, spent)]);
    return { content: text, tokensIn, tokensOut, durationMs: clock.now() - begun };
  }
}
