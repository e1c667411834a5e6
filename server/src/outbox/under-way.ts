import type { MessageStatus } from '@patchbay/contract';
import { BoundedMap } from '../chats/bounded-map.js';
import { canClimb } from '../chats/message-store.js';

/** Messages remembered for all sessions together; some 200 bytes each. */
const REMEMBERED = 20_000;

interface UnderWay {
  chatId: string;
  /** As far as it came by what this process stored. */
  status: MessageStatus;
  /** Nothing more to do for it: its row of the outbox is gone. */
  settled: boolean;
}

/**
 * The messages that this process accepted last, so that their acks and receipts, which follow at once,
 * need not be looked up. It is no more than a memory: the statements decide by what is stored.
 */
export class MessagesUnderWay {
  private readonly known = new BoundedMap<UnderWay>(REMEMBERED);
  private readonly merged = new BoundedMap<true>(REMEMBERED);

  /** To be called before the unit that accepts it is written, so that a merge of chats comes after. */
  accepted(sessionId: string, messageId: string, chatId: string): void {
    this.known.set(nameOf(sessionId, messageId), { chatId, status: 'queued', settled: false });
  }

  find(sessionId: string, messageId: string): Readonly<UnderWay> | undefined {
    const known = this.known.get(nameOf(sessionId, messageId));
    // Of a chat that was merged away the database knows into which.
    const isMerged = known && this.merged.get(nameOf(sessionId, known.chatId));
    return isMerged ? undefined : known;
  }

  /** WhatsApp's ack, a receipt, or its end was stored. */
  reached(sessionId: string, messageId: string, status: MessageStatus): void {
    const known = this.known.get(nameOf(sessionId, messageId));
    if (!known) return;
    known.settled = true;
    if (canClimb(known.status, status)) known.status = status;
  }

  /** Another process may have moved chats meanwhile. */
  forgetKnown(): void {
    this.known.clear();
    this.merged.clear();
  }

  /** A chat goes into another one. */
  chatMerged(sessionId: string, from: string): void {
    this.merged.set(nameOf(sessionId, from), true);
  }
}

function nameOf(sessionId: string, id: string): string {
  return `${sessionId}\n${id}`;
}
