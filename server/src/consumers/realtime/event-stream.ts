import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { LogEvent } from '@patchbay/contract';
import type { EventLog } from '../../event-log/event-log.js';

const BATCH = 200;
/** Keeps proxies from closing a quiet stream, and finds readers that are gone (ms). */
const HEARTBEAT = 15_000;

export interface StreamOptions {
  ownerId: string;
  sessionId?: string | undefined;
  /** The position that the reader has; null: from now on. */
  after: number | null;
}

/**
 * Server-Sent Events from the log: `id:` is the position, `event:` the name, `data:` the event. The
 * log itself is the buffer: a slow reader is simply further back in it, and one that comes again
 * with Last-Event-ID goes on where it was.
 */
export class EventStreams {
  private readonly open = new Set<ServerResponse>();

  constructor(private readonly log: EventLog) {}

  /** Writes until the reader goes away or the server stops. */
  async serve(response: ServerResponse, options: StreamOptions): Promise<void> {
    this.open.add(response);
    const alarm = new Alarm();
    const unsubscribe = this.log.wakeup.on('events', () => alarm.ring());
    response.on('close', () => alarm.ring());
    try {
      let position = options.after ?? (await this.log.head());
      response.write(`retry: 1000\nid: ${position}\nevent: hello\ndata: {}\n\n`);
      while (!response.destroyed && !response.writableEnded) {
        const events = await this.log.after(position, { ...options, limit: BATCH });
        for (const event of events) await write(response, format(event));
        position = events.at(-1)?.position ?? position;
        if (events.length === BATCH) continue;
        const rang = await alarm.wait(HEARTBEAT);
        if (!rang) await write(response, ': still here\n\n');
      }
    } finally {
      unsubscribe();
      this.open.delete(response);
      response.end();
    }
  }

  /** Ends all streams; their readers come again by themselves. */
  close(): void {
    for (const response of this.open) response.end();
  }
}

function format(event: LogEvent): string {
  return `id: ${event.position}\nevent: ${event.name}\ndata: ${JSON.stringify(event)}\n\n`;
}

async function write(response: ServerResponse, text: string): Promise<void> {
  if (response.destroyed || response.writableEnded || response.write(text)) return;
  await Promise.race([once(response, 'drain'), once(response, 'close')]).catch(() => undefined);
}

/** A bell that remembers having rung while nobody waited. */
class Alarm {
  private rung = false;
  private waiting: ((rang: boolean) => void) | undefined;

  ring(): void {
    this.rung = true;
    this.waiting?.(true);
  }

  /** True when it rang, false when the time (ms) was up. */
  async wait(time: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    if (!this.rung) {
      await new Promise<boolean>((resolve) => {
        this.waiting = resolve;
        timer = setTimeout(resolve, time, false);
      });
    }
    clearTimeout(timer);
    this.waiting = undefined;
    const { rung } = this;
    this.rung = false;
    return rung;
  }
}
