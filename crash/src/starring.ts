import type { Deeds } from './deeds.js';
import type { ConsumersCast } from './lanes.js';
import type { PhoneWatcher } from './phone-watcher.js';
import type { Random } from './random.js';
import type { PhoneMessage, SandboxProgram } from './sandbox-program.js';
import { pause } from './until.js';

/** Milliseconds between stars, on average. */
const EVERY = 800;
const AGAIN_AFTER = 200;
const STAR = '⭐';

interface Tools {
  consumers: ConsumersCast;
  sandbox: SandboxProgram;
  watcher: PhoneWatcher;
  deeds: Deeds;
  random: Random;
}

/** An admin of knowledge who approves what is said in the source group, and thinks better of some. */
export class Starring {
  private readonly stopping = new AbortController();
  private readonly work: Promise<void>;
  private readonly seen: PhoneMessage[] = [];
  private readonly starred: PhoneMessage[] = [];

  constructor(private readonly tools: Tools) {
    const { source, admin } = tools.consumers;
    tools.watcher.onMessage = (phone, message) => {
      const { chat, kind, fromMe } = message;
      if (phone === admin && chat === source && kind === 'text' && !fromMe) this.seen.push(message);
    };
    this.work = this.run();
  }

  /** Resolves when every star is on its way. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.work;
  }

  private async run(): Promise<void> {
    const { random } = this.tools;
    const { signal } = this.stopping;
    for (;;) {
      await pause(random.exponential(EVERY), signal);
      if (signal.aborted) return;
      if (random.next() < 0.1 && this.starred.length > 0) {
        const [message] = this.starred.splice(random.whole(0, this.starred.length - 1), 1);
        await this.react(message!, '');
      } else if (this.seen.length > 0) {
        const [message] = this.seen.splice(random.whole(0, this.seen.length - 1), 1);
        await this.react(message!, STAR);
        this.starred.push(message!);
      }
    }
  }

  /** Until the phone has done it: the same reaction again changes nothing. */
  private async react({ id, text }: PhoneMessage, emoji: string): Promise<void> {
    const { sandbox, deeds } = this.tools;
    const { admin, source } = this.tools.consumers;
    deeds.stars.set(text, emoji === STAR);
    for (;;) {
      try {
        await sandbox.react(admin, source, id, emoji);
        return;
      } catch (error) {
        // What the phone refuses is no trouble of a network.
        if ((error as Error).cause === undefined) throw error;
        await pause(AGAIN_AFTER);
      }
    }
  }
}
