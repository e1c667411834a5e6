import type { SendFailureCode } from '@patchbay/contract';
import type { Logger } from 'pino';
import type { ChatStore } from '../chats/chat-store.js';
import type { MessageEffects } from '../chats/message-effects.js';
import { type MessageStore, wholeSecond } from '../chats/message-store.js';
import { actsOnAnother } from '../chats/message-text.js';
import { crashPoint } from '../crash-point.js';
import type { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';
import type { Engine, PreparedMessage } from '../engines/engine.js';
import { EngineError } from '../engines/engine-error.js';
import type { MessageProgress } from '../outbox/message-progress.js';
import type { OutboxQueue, OutboxRow } from '../outbox/outbox-queue.js';
import type { Turn } from '../outbox/pace-keeper.js';
import { isSwitchedOff } from '../unsafe.js';
import { newMessageId } from '../whatsapp/message-id.js';
import { fence, owned } from './fence.js';

export interface DeliverySurroundings {
  database: Database;
  chats: ChatStore;
  queue: OutboxQueue;
  messages: MessageStore;
  effects: MessageEffects;
  progress: MessageProgress;
  times: OutboxTimes;
  logger: Logger;
}

/** Written down as given to the connection, and about to leave. */
export interface HandedOver {
  row: OutboxRow;
  prepared: PreparedMessage;
  /** Whether sending it again is the same message to everyone. */
  sameAgain: boolean;
}

/** `held`: what follows in its chat must wait; `not-connected`: in every chat. */
type Failure = 'held' | 'not-connected';

export interface SendingScope {
  id: string;
  ownerId: string;
  jid: string | null;
  worker?: string | undefined;
}

/** Milliseconds; shorter in tests. */
export interface OutboxTimes {
  /** No ack after this long: handed over once more, under the same id. Doubles with each try. */
  ackWithin: number;
  /** Not given up earlier than this, however often it was handed over. */
  giveUpAfter: number;
  /** Lets receipts that waited at WhatsApp come in before anything is sent again. */
  settleAfterConnect: number;
}

const SECOND = 1000;

export const OUTBOX_TIMES: OutboxTimes = {
  ackWithin: 20 * SECOND,
  giveUpAfter: 600 * SECOND,
  settleAfterConnect: 5 * SECOND,
};

const LONGEST_WAIT = 600 * SECOND;
/** Handed over so often without an ack, and it is given up. */
const MOST_TRIES = 6;
/**
 * Tries that a death of ours or the end of the connection cut short say nothing about the message: it
 * is given up only after so many of them, and so long (ms).
 */
const MOST_CUT_SHORT = 50;
const CUT_SHORT_FOR = 24 * 3600 * SECOND;
/** Tries of what WhatsApp refused before anything was sent, which may be a passing trouble of its. */
const MOST_REFUSALS = 4;

/** Hands one message after another to an engine, and writes down what became of each. */
export class OutboxDelivery {
  constructor(
    private readonly session: SendingScope,
    private readonly around: DeliverySurroundings,
  ) {}

  /**
   * Builds a message whose turn it is and writes down that it was given to the connection: durable
   * first, so that after a death in between the row says that it may have been sent.
   * @returns `settled` when it was settled or taken back meanwhile
   */
  async handOver(
    row: OutboxRow,
    engine: Engine,
    turn: Turn,
  ): Promise<HandedOver | 'settled' | Failure> {
    try {
      const prepared = await this.prepare(row, engine);
      const isOurs = await this.writeHandedOver(row, turn, prepared.raw);
      const sameAgain = engine.capabilities.takesMessageIds;
      return isOurs ? { row, prepared, sameAgain } : 'settled';
    } catch (error) {
      return await this.failed(row, error, false);
    }
  }

  /** Gives a message that was handed over to the engine's socket. */
  async send({ row, prepared, sameAgain }: HandedOver): Promise<'done' | Failure> {
    try {
      crashPoint('after-handed-over');
      await prepared.send();
      return 'done';
    } catch (error) {
      const mayHaveLeft = !(error instanceof EngineError && error.certainlyNotSent);
      if (mayHaveLeft && !sameAgain) {
        await this.nobodyKnows(row, error);
        return 'held';
      }
      return await this.failed(row, error, true);
    }
  }

  /** A message that was handed over and did not leave: it is as it was before. */
  async takeBack({ messageId, state, dueAt, attempts }: OutboxRow): Promise<void> {
    const { queue, database } = this.around;
    const before = { state: state === 'queued' ? state : ('sending' as const), dueAt, attempts };
    await database.write([
      ...owned(database.kysely, this.session),
      queue.putBack(this.session.id, messageId, before),
    ]);
  }

  noSignOfLife(error: unknown): void {
    this.around.logger.warn({ err: error }, 'no sign of life either');
  }

  /** Accepted for a number that is no longer linked here: fails, rather than go out in another's name. */
  async isOfAnotherNumber(row: OutboxRow): Promise<boolean> {
    const { jid } = this.session;
    if (!jid || !row.senderJid || row.senderJid === jid) return false;
    await this.around.progress.failed(this.session, row.messageId, {
      error: 'Another number was linked to the session before the message was sent',
      failure: { code: 'number_changed', certainlyNotSent: row.state === 'queued' },
    });
    return true;
  }

  /** No ack has come in time: true when it is to be handed over again, false when it was given up. */
  async isWorthAnotherTry(row: OutboxRow, { capabilities }: Engine): Promise<boolean> {
    const { logger, progress, times } = this.around;
    if (!capabilities.takesMessageIds) {
      await this.nobodyKnows(row, 'the connection ended meanwhile');
      return false;
    }
    const [most, within] =
      row.state === 'written' ? [MOST_TRIES, times.giveUpAfter] : [MOST_CUT_SHORT, CUT_SHORT_FOR];
    if (row.attempts < most || Date.now() - row.sendAt < within) {
      logger.warn({ messageId: row.messageId, attempts: row.attempts }, 'no ack from WhatsApp');
      return true;
    }
    await progress.failed(this.session, row.messageId, {
      error: 'WhatsApp did not acknowledge the message',
      failure: { code: 'no_ack', certainlyNotSent: false },
    });
    return false;
  }

  /** Under an id that the engine chooses a second try could be a second message: it is not made. */
  private async nobodyKnows(row: OutboxRow, cause: unknown): Promise<void> {
    const { logger, progress } = this.around;
    logger.warn({ err: cause, messageId: row.messageId }, 'nobody knows whether it was sent');
    const why = cause instanceof Error ? cause.message : String(cause);
    await progress.failed(this.session, row.messageId, {
      error: `It is not known whether the message was sent, so it is not sent again: ${why}`,
      failure: { code: 'no_ack', certainlyNotSent: false },
    });
  }

  private async writeHandedOver(row: OutboxRow, turn: Turn, raw: Uint8Array): Promise<boolean> {
    const { queue, messages, database } = this.around;
    const { id } = this.session;
    const now = Date.now();
    const steps = [
      queue.handedOver(id, row.messageId, now + this.patience(row)),
      ...owned(database.kysely, this.session),
      ...turn.steps,
    ];
    const climb = messages.handedOver(id, row.messageId, raw);
    const isScheduled = row.sendAt > row.createdAt && row.attempts === 0;
    const { changes } = isScheduled
      ? await this.writeScheduled(row, now, steps, climb)
      : await database.write([...steps, climb]);
    return changes[0] !== 0;
  }

  /** How long its ack is waited for (ms). */
  private patience({ state, attempts }: OutboxRow): number {
    // Only who waited in vain waits longer the next time.
    const vain = state === 'written' ? Math.min(attempts, 10) : 0;
    return Math.min(this.around.times.ackWithin * 2 ** vain, LONGEST_WAIT);
  }

  /** A scheduled message takes its place in the chat, or does what it says to another, when it leaves. */
  private async writeScheduled(row: OutboxRow, now: number, steps: WriteStep[], climb: WriteStep) {
    const { chats, messages } = this.around;
    const { id } = this.session;
    const at = wholeSecond(now);
    return await chats.addresses.write(this.session, { jid: row.chatJid }, async (chat) => [
      ...steps,
      messages.leaves(id, row.messageId, at),
      ...(actsOnAnother(row.content)
        ? [chats.stillLeads(id, chat), ...(await this.effects(row, now))]
        : [chats.countMessage(id, chat, { id: row.messageId, at, unread: false })]),
      climb,
    ]);
  }

  private async effects(row: OutboxRow, at: number): Promise<WriteStep[]> {
    const { effects, database } = this.around;
    const { messageId: id, chatId, content } = row;
    const by = { fromMe: true, senderJid: this.session.jid, senderName: null };
    const told = { id, chatId, content, at, source: 'api' as const, ...by };
    const steps = await effects.of(this.session, told, () => {
      throw new Error('what acts on another message is no bubble of its own');
    });
    return [fence(database.kysely, this.session), ...steps];
  }

  private async prepare(row: OutboxRow, engine: Engine): Promise<PreparedMessage> {
    const { id } = this.session;
    const quoted = row.quotedId ? await this.around.messages.raw(id, row.quotedId) : undefined;
    const isSecondName = row.attempts > 0 && isSwitchedOff('outbox-ids');
    return await engine.prepare({
      id: isSecondName ? newMessageId() : row.messageId,
      chatJid: row.chatJid,
      content: row.content,
      ...(quoted && { quoted }),
      again: row.attempts > 0,
    });
  }

  private async failed(row: OutboxRow, error: unknown, wasHandedOver: boolean): Promise<Failure> {
    await this.afterFailure(row, error, wasHandedOver);
    const isOver = error instanceof EngineError && error.code === 'not-connected';
    return isOver ? 'not-connected' : 'held';
  }

  private async afterFailure(
    row: OutboxRow,
    error: unknown,
    wasHandedOver: boolean,
  ): Promise<void> {
    const { logger, progress } = this.around;
    const cause = error instanceof EngineError ? error : undefined;
    const code = failureCode(cause);
    const tries = code === 'refused' ? MOST_REFUSALS : 1;
    const didNotLeave = !wasHandedOver || cause?.certainlyNotSent === true;
    // An earlier try may have come through.
    const certainlyNotSent = didNotLeave && row.state === 'queued';
    if (didNotLeave && cause && code && row.attempts + 1 >= tries) {
      const failure = { code, certainlyNotSent };
      return await progress.failed(this.session, row.messageId, { error: cause.message, failure });
    }
    const notConnected = cause?.code === 'not-connected';
    if (notConnected) {
      logger.debug({ messageId: row.messageId }, 'not sent: the connection has ended');
    } else {
      logger.warn({ err: error, messageId: row.messageId }, 'send failed; will be tried again');
    }
    await this.putBack(row, { certainlyNotSent, tried: !(didNotLeave && notConnected) });
  }

  /** To be tried again later; what may have left gives its ack or a receipt time to come. */
  private async putBack(
    row: OutboxRow,
    { certainlyNotSent, tried }: { certainlyNotSent: boolean; tried: boolean },
  ): Promise<void> {
    const { queue, database } = this.around;
    const backoff = Math.min(SECOND * 2 ** Math.min(row.attempts, 10), LONGEST_WAIT);
    const pause = certainlyNotSent ? backoff : this.patience(row);
    const again = {
      state: certainlyNotSent ? ('queued' as const) : ('sending' as const),
      dueAt: Date.now() + (tried ? pause : 0),
      attempts: row.attempts + (tried ? 1 : 0),
    };
    await database.write([
      ...owned(database.kysely, this.session),
      queue.putBack(this.session.id, row.messageId, again),
    ]);
  }
}

/** The code of a failure that another try soon does not mend; undefined when one may. */
function failureCode(cause: EngineError | undefined): SendFailureCode | undefined {
  switch (cause?.code) {
    case 'not-on-whatsapp':
      return 'not_on_whatsapp';
    case 'unsupported':
      return 'unsupported';
    case 'refused':
      return 'refused';
    default:
      return undefined;
  }
}
