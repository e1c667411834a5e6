import type { PacingSettings } from '@patchbay/contract';
import type { MessageStore } from '../chats/message-store.js';
import type { WriteStep } from '../db/write-unit.js';
import type { Wakeup } from '../event-log/wakeup.js';
import type { SessionSettingsStore } from '../sessions/session-settings.js';
import { isGroupJid } from '../whatsapp/jid.js';
import type { OutboxRow } from './outbox-queue.js';
import { count, type SendUsage, typingTime, type Verdict, whenAllowed } from './send-policy.js';
import type { UsageStore } from './usage-store.js';

export interface PaceSurroundings {
  settings: SessionSettingsStore;
  usage: UsageStore;
  messages: MessageStore;
  wakeup: Wakeup;
}

/** A message that may go now; the steps count it, and belong into the unit that hands it over. */
export interface Turn {
  steps: WriteStep[];
  /** How long "typing" is shown before (ms). */
  typing: number;
}

/** Chats known to have had a message; forgotten all at once when there are this many. */
const MOST_CHATS = 10_000;
/** How often old counts are forgotten (ms). */
const TIDY_EVERY = 60 * 60 * 1000;

/** Keeps a session's pace: counters in memory, read from the database at first and counted there too. */
export class PaceKeeper {
  private state: Promise<{ pacing: PacingSettings; usage: SendUsage }> | undefined;
  private tidiedAt = 0;
  private readonly conversations = new Set<string>();
  private readonly unsubscribe: () => void;

  constructor(
    private readonly sessionId: string,
    private readonly around: PaceSurroundings,
    onChange: () => void,
  ) {
    this.unsubscribe = around.wakeup.on(`settings:${sessionId}`, () => {
      this.state = undefined;
      onChange();
    });
  }

  stop(): void {
    this.unsubscribe();
  }

  /** Takes the next turn for a message, or tells when it may come. */
  async take(row: OutboxRow): Promise<Turn | Verdict> {
    const startsChat = await this.startsChat(row);
    const { pacing, usage } = await this.load();
    // From here on without waiting: two messages never take the same turn.
    const now = Date.now();
    const verdict = whenAllowed(pacing, usage, now, startsChat);
    if (verdict.at > now) return verdict;
    count(pacing, usage, now, startsChat, Math.random());
    if (this.conversations.size >= MOST_CHATS) this.conversations.clear();
    this.conversations.add(row.chatId);
    return {
      steps: [this.around.usage.count(this.sessionId, now, startsChat), ...this.tidying(now)],
      typing: typingTime(pacing, row.content),
    };
  }

  private tidying(now: number): WriteStep[] {
    if (now - this.tidiedAt < TIDY_EVERY) return [];
    this.tidiedAt = now;
    return [this.around.usage.forgetOld(this.sessionId, now)];
  }

  private async startsChat({ chatId, chatJid }: OutboxRow): Promise<boolean> {
    if (isGroupJid(chatJid) || this.conversations.has(chatId)) return false;
    if (!(await this.around.messages.hasConversation(this.sessionId, chatId))) return true;
    this.conversations.add(chatId);
    return false;
  }

  private load() {
    this.state ??= this.read().catch((error) => {
      this.state = undefined;
      throw error;
    });
    return this.state;
  }

  private async read() {
    const { pacing } = await this.around.settings.read(this.sessionId);
    const usage = await this.around.usage.read(this.sessionId, pacing, Date.now());
    return { pacing, usage };
  }
}
