import type { MessageKind, Response, ShownFields } from './kinds/shown.js';
import type { MediaFacts } from './media-facts.js';
import type { PhoneRecords } from './phone-records.js';

/** `pending` … `read` and `failed` for what the phone sent, `delivered` and `read` for what it received. */
export type MessageStatus = 'pending' | 'sent' | 'delivered' | 'read' | 'failed';

export interface PhoneMessage extends ShownFields {
  id: string;
  /** The other side's phone digits, or a group's jid. */
  chat: string;
  /** Author, phone digits. */
  from: string;
  /** Phone digits, or a group's jid. */
  to: string;
  fromMe: boolean;
  kind: MessageKind;
  /** Text or caption; empty when there is none. */
  text: string;
  /** ISO 8601. */
  at: string;
  status: MessageStatus;
  /** Copies of this id that reached the phone; it shows only one. */
  deliveries: number;
  /** The file, for messages that carry one. */
  media?: MediaFacts;
  /** For `kind: reaction`: what it reacts to. An empty emoji takes a reaction back. */
  reaction?: { messageId: string; emoji: string };
  /** Emoji by phone, on the message that was reacted to. */
  reactions?: Record<string, string>;
  /** Options by phone, on a poll. */
  votes?: Record<string, string[]>;
  /** By phone, on an event. */
  responses?: Record<string, { response: Response; extraGuests: number }>;
  /** How often its text was changed. */
  edited?: number;
  /** A sent voice note or the like was listened to. */
  played?: boolean;
  /** Deleted for everyone. */
  revoked?: boolean;
  /** Recipients of a sent message, with the best receipt of each. */
  receipts?: Record<string, 'sent' | 'delivered' | 'read'>;
  /** The server's error code when it refused the message. */
  error?: string;
}

/** What is stored: the message and, for sent ones, its content for a resend. */
interface StoredMessage extends PhoneMessage {
  content?: string;
}

const PREFIX = 'message/';
const RANK = { sent: 0, delivered: 1, read: 2 } as const;

/** All that a phone sent and received, in the order of arrival. Writes take part in the phone's current step. */
export class MessageLog {
  private readonly messages = new Map<string, { key: string; stored: StoredMessage }>();
  private readonly order: string[] = [];
  private nextKey = 1;

  constructor(private readonly records: PhoneRecords) {
    for (const { key, value } of records.list(PREFIX)) {
      const stored = JSON.parse(value.toString()) as StoredMessage;
      this.messages.set(stored.id, { key, stored });
      this.order.push(stored.id);
      this.nextKey = Number(key.slice(PREFIX.length)) + 1;
    }
  }

  all(): PhoneMessage[] {
    return [...this.messages.values()].map(({ stored }) => publicMessage(stored));
  }

  /** What came after the first so many. */
  after(count: number): PhoneMessage[] {
    return this.order.slice(count).flatMap((id) => this.get(id) ?? []);
  }

  inChat(chat: string): PhoneMessage[] {
    return this.all().filter((message) => message.chat === chat);
  }

  get(id: string): PhoneMessage | undefined {
    const found = this.messages.get(id);
    return found && publicMessage(found.stored);
  }

  /** The encoded content of a message that this phone sent or received. */
  content(id: string): Uint8Array | undefined {
    const content = this.messages.get(id)?.stored.content;
    return content === undefined ? undefined : Buffer.from(content, 'base64');
  }

  add(message: PhoneMessage, content?: Uint8Array): PhoneMessage {
    const key = PREFIX + String(this.nextKey++).padStart(10, '0');
    const stored: StoredMessage = { ...message };
    if (content) stored.content = Buffer.from(content).toString('base64');
    this.order.push(message.id);
    return this.write(key, stored);
  }

  /** Another copy of a known id came. */
  countCopy(id: string): PhoneMessage | undefined {
    return this.change(id, (message) => ({ deliveries: message.deliveries + 1 }));
  }

  /** The server took the message, or refused it. */
  acknowledge(id: string, error?: string): PhoneMessage | undefined {
    return this.change(id, (message) => {
      if (error !== undefined) return { status: 'failed', error };
      return message.status === 'pending' ? { status: 'sent' } : undefined;
    });
  }

  /** A recipient's receipt for a sent message. A group message counts as delivered (read) when all say so. */
  receipt(id: string, phone: string, status: 'delivered' | 'read'): PhoneMessage | undefined {
    return this.change(id, (message) => {
      if (!message.fromMe) return undefined;
      const before = message.receipts?.[phone];
      if (before !== undefined && RANK[before] >= RANK[status]) return undefined;
      const receipts = { ...message.receipts, [phone]: status };
      const least = Math.min(...Object.values(receipts).map((each) => RANK[each]));
      const whole = (['sent', 'delivered', 'read'] as const)[least] ?? 'sent';
      return { receipts, status: whole };
    });
  }

  /** A received message was read, here or on a companion. */
  markRead(id: string): PhoneMessage | undefined {
    return this.change(id, (message) =>
      message.fromMe || message.status === 'read' ? undefined : { status: 'read' },
    );
  }

  /** Changes a message that is there; undefined when nothing changed. */
  change(
    id: string,
    update: (message: PhoneMessage) => Partial<PhoneMessage> | undefined,
  ): PhoneMessage | undefined {
    const found = this.messages.get(id);
    const changes = found && update(found.stored);
    return changes && this.write(found.key, { ...found.stored, ...changes });
  }

  private write(key: string, stored: StoredMessage): PhoneMessage {
    this.messages.set(stored.id, { key, stored });
    this.records.set(key, Buffer.from(JSON.stringify(stored)));
    return publicMessage(stored);
  }
}

function publicMessage({ content: _, ...message }: StoredMessage): PhoneMessage {
  return message;
}
