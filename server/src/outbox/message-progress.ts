import type { MessageStatus, SendFailure } from '@patchbay/contract';
import type { MessageStore } from '../chats/message-store.js';
import { canClimb } from '../chats/message-store.js';
import { crashPoint } from '../crash-point.js';
import type { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';
import type { EventLog, EventSource } from '../event-log/event-log.js';
import { fence } from '../sessions/fence.js';
import { isGroupJid } from '../whatsapp/jid.js';
import { refusalOf } from '../whatsapp/refusal.js';
import type { OutboxQueue } from './outbox-queue.js';
import type { MessagesUnderWay } from './under-way.js';

/** How a message that left, or could not leave, comes further: its ticks, and its end. */
export class MessageProgress {
  constructor(
    private readonly database: Database,
    private readonly messages: MessageStore,
    private readonly queue: OutboxQueue,
    private readonly underWay: MessagesUnderWay,
    private readonly log: EventLog,
  ) {}

  /** WhatsApp's ack or a receipt. What is no message of ours, or was told before, changes nothing. */
  async reached(
    scope: EventSource,
    messageId: string,
    status: 'sent' | 'delivered' | 'read' | 'played',
  ): Promise<void> {
    const known = this.underWay.find(scope.id, messageId) ?? (await this.ofOwn(scope, messageId));
    if (!known) return;
    // Every device of every member tells of a message once more; only the first changes anything.
    if (canClimb(known.status, status)) {
      await this.record(scope, messageId, known, status);
    }
    if (status === 'sent') crashPoint('after-ack-recorded');
  }

  /** WhatsApp's error ack: it did not take the message. */
  async refused(scope: EventSource, messageId: string, number: number): Promise<void> {
    const known = await this.ofOwn(scope, messageId);
    if (!known) return;
    const { chatId } = known;
    const { code, meaning, restricts } = refusalOf(number, isGroupJid(chatId));
    const error = `${number} ${meaning}`;
    // Of several tries an earlier one may have come through.
    const certainlyNotSent = (await this.queue.attempts(scope.id, messageId)) <= 1;
    const data = { code: number, detail: meaning, chatId, messageId };
    const also = restricts
      ? [
          fence(this.database.kysely, scope),
          this.log.append(scope, 'session.restricted', data, Date.now()),
        ]
      : [];
    const ended = { error, failure: { code, certainlyNotSent } };
    await this.record(scope, messageId, { chatId }, 'failed', ended, also);
  }

  /** It could not be sent, or nobody acknowledged it. */
  async failed(
    scope: EventSource,
    messageId: string,
    ended: { error: string; failure: SendFailure },
  ): Promise<void> {
    const located = await this.messages.locate(scope.id, messageId);
    await this.record(scope, messageId, { chatId: located?.chat_id ?? '' }, 'failed', ended);
  }

  /** A message of ours as it is stored; undefined when there is no such message. */
  private async ofOwn(scope: EventSource, messageId: string) {
    const located = await this.messages.locate(scope.id, messageId);
    if (!located?.from_me) return undefined;
    return { chatId: located.chat_id, status: located.status };
  }

  private async record(
    scope: EventSource,
    messageId: string,
    { chatId, status: previous }: { chatId: string; status?: MessageStatus },
    status: MessageStatus,
    ended?: { error: string; failure: SendFailure },
    also: WriteStep[] = [],
  ): Promise<void> {
    const error = ended?.error ?? null;
    const { failure } = ended ?? {};
    const data = {
      ...{ chatId, messageId, status },
      ...(previous && { previous }),
      error,
      ...(failure && { failure }),
    };
    const isSettled = this.underWay.find(scope.id, messageId)?.settled;
    const { applied } = await this.database.write([
      ...(isSettled ? [] : [this.queue.settled(scope.id, messageId)]),
      this.messages.climb(scope.id, messageId, status, error, failure),
      fence(this.database.kysely, scope),
      this.log.append(scope, 'message.status', data, Date.now()),
      ...also,
    ]);
    this.underWay.reached(scope.id, messageId, status);
    if (!applied) return;
    this.log.wakeup.hint('events');
    this.log.wakeup.hint(`message:${scope.id}/${messageId}`);
  }
}
