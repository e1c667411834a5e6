import type { EventData, Message } from '@patchbay/contract';
import { sql } from 'kysely';
import type { Clock } from '../../clock.js';
import type { Database } from '../../db/database.js';
import type { WriteStep } from '../../db/write-unit.js';
import type { Reader } from '../../event-log/consumer.js';
import type { StoredEvent } from '../../event-log/event-log.js';
import type { JobQueue } from '../../jobs/job-queue.js';
import { isLidJid, isPnJid } from '../../whatsapp/jid.js';
import { answerJob } from './answer-job.js';
import type { ChatbotRow, ChatbotStore } from './chatbot-store.js';
import type { ConversationRow, ConversationStore, SaidRow } from './conversation-store.js';
import { conversationId } from './conversation-store.js';

interface Tools {
  database: Database;
  chatbots: ChatbotStore;
  conversations: ConversationStore;
  queue: JobQueue;
  clock: Clock;
}

/** A message of the log that a chatbot keeps. */
interface Heard {
  bot: ChatbotRow;
  chatId: string;
  source: EventData<'session.message'>['source'];
  message: Message;
  position: number;
}

/**
 * Turns messages into conversations, and into questions to be answered. The rows of what was said
 * follow from the log alone; what is done about it is decided once, and not again when the log is
 * read again (`decided_to`).
 */
export function chatbotReader(tools: Tools): Reader {
  return {
    name: 'chatbots',
    batch: () => 50,
    wanted: () => tools.chatbots.any,
    look: () => tools.chatbots.bySession(),
    handle: async (events) => {
      const heard = await chatsAsTheyAre(tools, heardBy(await tools.chatbots.bySession(), events));
      if (heard.length === 0) return { steps: [], committed: () => undefined };
      const { steps, asked } = await stepsFor(tools, heard);
      return {
        steps,
        committed: () => {
          for (const id of asked) tools.queue.wake(answerJob, id);
        },
      };
    },
  };
}

function heardBy(bots: ReadonlyMap<string, ChatbotRow>, events: readonly StoredEvent[]): Heard[] {
  return events.flatMap((event) => {
    const bot = event.name === 'session.message' ? bots.get(event.session_id) : undefined;
    if (!bot || event.position <= bot.begins_at) return [];
    const { source, message } = JSON.parse(event.data) as EventData<'session.message'>;
    const isPerson = isPnJid(message.chatId) || isLidJid(message.chatId);
    if (source === 'history' || !isPerson || message.type === 'system') return [];
    return [{ bot, chatId: message.chatId, source, message, position: event.position }];
  });
}

/** A chat that was merged into another since goes on there. */
async function chatsAsTheyAre({ conversations }: Tools, heard: Heard[]): Promise<Heard[]> {
  const found: Heard[] = [];
  for (const bot of botsOf(heard)) {
    const of = heard.filter((one) => one.bot === bot);
    const chatIds = [...new Set(of.map(({ chatId }) => chatId))];
    const now = await conversations.chatsNow(bot.session_id, chatIds);
    found.push(...of.map((one) => ({ ...one, chatId: now.get(one.chatId) ?? one.chatId })));
  }
  return found;
}

async function stepsFor(tools: Tools, heard: Heard[]) {
  const { database, conversations, queue, clock } = tools;
  const known = await conversations.byIds([...new Set(heard.map(idOf))]);
  const states = new Map([...known].map(([id, { state }]) => [id, state]));
  const answers = await answersAmong(tools, heard);
  const decidedTo = await tools.chatbots.decidedTo([...botsOf(heard)]);
  const steps: WriteStep[] = [];
  const asked = new Set<string>();
  for (const one of heard) {
    const { bot, chatId, position } = one;
    const said = saidBy(one, answers);
    steps.push(conversations.spoken(bot, chatId, said.at), conversations.say(said));
    if (position <= (decidedTo.get(bot.id) ?? 0)) continue;
    const before = states.get(said.conversation_id) ?? 'bot';
    const place = { id: said.conversation_id, chat_id: chatId };
    const after = stateAfter(before, one, said);
    if (after !== before) {
      const cause = after === 'human' ? 'phone' : 'contact';
      steps.push(...conversations.handOver(bot, place, after, cause));
      states.set(said.conversation_id, after);
    }
    const isQuestion = said.by === 'contact' && after === 'bot';
    if (!isQuestion || bot.enabled === 0 || bot.responder === 'none') continue;
    const payload = { chatbotId: bot.id, conversationId: said.conversation_id };
    const dueAt = clock.now() + bot.quiet_ms;
    steps.push(
      conversations.ask(said, clock.now()),
      queue.add(answerJob, payload, { lane: bot.id, key: payload.conversationId, dueAt }),
    );
    asked.add(bot.id);
  }
  return { steps: [...steps, ...decided(database, heard)], asked };
}

/** Who answers from the phone has taken over; who writes into what was closed opens it again. */
function stateAfter(
  before: ConversationRow['state'],
  { source }: Heard,
  { by }: SaidRow,
): ConversationRow['state'] {
  if (before === 'bot' && by === 'human' && source === 'phone') return 'human';
  return before === 'closed' && by === 'contact' ? 'bot' : before;
}

function saidBy({ bot, chatId, message, position }: Heard, answers: ReadonlySet<string>): SaidRow {
  const byUs = answers.has(`${bot.id}/${message.id}`) ? 'bot' : 'human';
  return {
    chatbot_id: bot.id,
    conversation_id: conversationId(bot.id, chatId),
    id: message.id,
    by: message.fromMe ? byUs : 'contact',
    content: message.content,
    at: Date.parse(message.timestamp),
    position,
  };
}

async function answersAmong({ conversations }: Tools, heard: Heard[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const bot of botsOf(heard)) {
    const ours = heard.filter((one) => one.bot === bot && one.message.fromMe);
    const ids = ours.map(({ message }) => message.id);
    for (const id of await conversations.answersAmong(bot.id, ids)) found.add(`${bot.id}/${id}`);
  }
  return found;
}

function botsOf(heard: readonly Heard[]): Set<ChatbotRow> {
  return new Set(heard.map(({ bot }) => bot));
}

/** How far is decided what is to be done. */
function decided({ kysely }: Database, heard: Heard[]): WriteStep[] {
  const last = new Map(heard.map(({ bot, position }) => [bot.id, position]));
  return [...last].map(([id, position]) => ({
    query: kysely
      .updateTable('chatbots')
      .set({ decided_to: sql`${position}` })
      .where('id', '=', id)
      .where('decided_to', '<', position),
  }));
}

function idOf({ bot, chatId }: Heard): string {
  return conversationId(bot.id, chatId);
}
