import { once } from 'node:events';
import { WebSocket } from 'ws';
import { wallClock } from './wall-clock.js';

interface Told {
  event?: {
    name: string;
    data: { message?: { id: string; fromMe: boolean }; messageId?: string; status?: string };
  };
}

/** One WebSocket client of the server; notes when it read what. */
export class EventReader {
  /** When each inbound message was read, by its id (ms, `wallClock`). */
  readonly received = new Map<string, number>();
  /** When each own message was known to be acknowledged by WhatsApp. */
  readonly sent = new Map<string, number>();
  private onChange: (() => void) | undefined;

  private constructor(private readonly socket: WebSocket) {
    socket.on('close', () => this.onChange?.());
    socket.on('message', (data) => this.take(JSON.parse(String(data)) as Told));
  }

  static async open(url: string, headers: Record<string, string>): Promise<EventReader> {
    const address = `${url.replace(/^http/, 'ws')}/api/ws?format=events`;
    const socket = new WebSocket(address, { headers });
    await once(socket, 'open');
    const reader = new EventReader(socket);
    const subscribed = once(socket, 'message');
    socket.send(JSON.stringify({ type: 'subscribe' }));
    await subscribed;
    return reader;
  }

  /** Resolves when so many more messages have been read, or were acknowledged, than `from`. */
  async reaches(which: 'received' | 'sent', count: number, withinMs = 120_000): Promise<void> {
    const timer = setTimeout(() => this.socket.terminate(), withinMs);
    try {
      while (this[which].size < count) {
        if (this.socket.readyState !== WebSocket.OPEN) {
          throw new Error(`${this[which].size} of ${count} messages: ${which}`);
        }
        await new Promise<void>((resolve) => {
          this.onChange = resolve;
        });
      }
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.socket.close();
  }

  private take({ event }: Told): void {
    if (!event) return;
    const { message, messageId, status } = event.data;
    if (event.name === 'session.message' && message && !message.fromMe) {
      this.received.set(message.id, wallClock());
    } else if (event.name === 'message.status' && messageId && status !== 'sending') {
      if (!this.sent.has(messageId)) this.sent.set(messageId, wallClock());
    }
    this.onChange?.();
  }
}
