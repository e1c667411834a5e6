import { isMedia, type MessageContent } from '@patchbay/contract';
import type { MessageStore } from '../chats/message-store.js';
import type { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';
import type { Wakeup } from '../event-log/wakeup.js';
import type { JobQueue } from '../jobs/job-queue.js';
import { fetchMedia } from './fetch-media.job.js';
import { type DownloadPolicy, downloadsByItself } from './media-policy.js';
import type { MediaRecord, MediaRecords } from './media-records.js';

/** A received message, as far as its file is concerned. */
export interface ReceivedMedia {
  id: string;
  content: MessageContent;
  /** A small JPEG. */
  thumbnail?: Uint8Array | undefined;
  /** Nobody waits for files of the history. */
  history: boolean;
}

/** A waiting request looks this often (ms). */
const LOOK_EVERY = 200;

/** Files of received messages: noted with the message, fetched by policy or when somebody asks. */
export class MediaInbox {
  constructor(
    private readonly database: Database,
    private readonly records: MediaRecords,
    private readonly messages: MessageStore,
    private readonly jobs: JobQueue,
    private readonly wakeup: Wakeup,
    private readonly policy: DownloadPolicy,
  ) {}

  /** Steps that belong to the unit that stores the message; then call `stored`. */
  received(sessionId: string, { id, content, thumbnail, history }: ReceivedMedia): WriteStep[] {
    if (!isMedia(content)) return [];
    const now = !history && downloadsByItself(this.policy, content);
    const state = now ? 'fetching' : 'absent';
    return [
      this.records.note(sessionId, id, { state, thumbnail: thumbnail ?? null }),
      ...(now ? [this.job(sessionId, id)] : []),
    ];
  }

  /** The unit of `received` was committed. */
  stored(sessionId: string, content: MessageContent): void {
    if (isMedia(content)) this.jobs.wake(fetchMedia, sessionId);
  }

  /**
   * Waits for the file of a message, fetching it if need be; resolves with its record in whatever
   * state it then is, or undefined when the message has no file.
   * @param wait milliseconds
   */
  async obtain(
    sessionId: string,
    messageId: string,
    wait: number,
  ): Promise<MediaRecord | undefined> {
    const record = await this.records.find(sessionId, messageId);
    if (record?.state === 'stored') return record;
    if (!record) {
      if (!(await this.hasMedia(sessionId, messageId))) return undefined;
      await this.database.write([this.records.note(sessionId, messageId, {})]);
    }
    return await this.fetch(sessionId, messageId, wait);
  }

  /** Fetches the file of a message, whatever was known of it; resolves as `obtain` does. */
  async fetch(
    sessionId: string,
    messageId: string,
    wait: number,
  ): Promise<MediaRecord | undefined> {
    await this.database.write([
      this.records.become(sessionId, messageId, { state: 'fetching' }),
      this.job(sessionId, messageId),
      this.jobs.hurry(fetchMedia, sessionId),
    ]);
    const ended = this.ended(sessionId, messageId, wait);
    this.jobs.wake(fetchMedia, sessionId);
    await ended;
    return await this.records.find(sessionId, messageId);
  }

  private job(sessionId: string, messageId: string): WriteStep {
    const unique = `${fetchMedia.name}:${sessionId}/${messageId}`;
    return this.jobs.add(fetchMedia, { sessionId, messageId }, { lane: sessionId, unique });
  }

  private async hasMedia(sessionId: string, messageId: string): Promise<boolean> {
    const message = await this.messages.outgoing(sessionId, messageId);
    return message !== undefined && isMedia(message.content);
  }

  /** Resolves when the file has been fetched or given up, or when the time is up. */
  private async ended(sessionId: string, messageId: string, wait: number): Promise<void> {
    const deadline = performance.now() + wait;
    let wake = () => {};
    const stop = this.wakeup.on(`media:${sessionId}/${messageId}`, () => wake());
    try {
      for (;;) {
        const left = deadline - performance.now();
        if (left <= 0) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
          // The hint comes shortly before the commit, or is lost.
          setTimeout(resolve, Math.min(left, LOOK_EVERY)).unref();
        });
        const record = await this.records.find(sessionId, messageId);
        if (record?.state !== 'fetching') return;
      }
    } finally {
      stop();
    }
  }
}
