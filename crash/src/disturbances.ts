import type { EventReader } from './event-reader.js';
import type { Cast } from './lanes.js';
import type { Random } from './random.js';
import type { SandboxProgram } from './sandbox-program.js';
import { pause } from './until.js';
import type { Mood, WebhookReceiver } from './webhook-receiver.js';

/** What happens to a running server from outside, besides its own death. */
const KINDS = [
  'cut',
  'cut',
  'restart_required',
  'service_unavailable',
  'garbage',
  'silence',
  'duplicate',
  'duplicate',
  'receipt_lost',
  'receipt_lost',
  'ack_missing',
  'message_lost',
  'message_lost',
  'readers cut',
  'readers cut',
  'receiver fails',
  'receiver is silent',
  'sandbox killed',
] as const;

type Kind = (typeof KINDS)[number];

export interface Disturbed {
  sandbox: SandboxProgram;
  readers: EventReader[];
  receiver: WebhookReceiver;
  cast: Cast;
}

/** Bad luck from outside, at moments of a seed, until it is stopped. */
export class Disturbances {
  /** How often each happened. */
  readonly counts = new Map<Kind, number>();
  private readonly stopping = new AbortController();
  private readonly work: Promise<void>;

  constructor(
    private readonly victims: Disturbed,
    private readonly random: Random,
    everyMs: number,
  ) {
    this.work = this.run(everyMs);
  }

  /** Resolves when all is as before. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.work;
    await this.victims.sandbox.clearFaults();
  }

  private async run(everyMs: number): Promise<void> {
    const { signal } = this.stopping;
    for (;;) {
      await pause(this.random.exponential(everyMs), signal);
      const kind = this.random.pick(KINDS);
      const victim = this.random.pick([...this.victims.cast.sessions.keys()]);
      const times = this.random.whole(1, 5);
      if (signal.aborted) return;
      this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
      await this.strike(kind, victim, times);
    }
  }

  private async receiverIs(mood: Mood, time: number): Promise<void> {
    const { receiver } = this.victims;
    receiver.mood = mood;
    await pause(time, this.stopping.signal);
    receiver.mood = 'well';
  }

  private async strike(kind: Kind, phone: string, times: number): Promise<void> {
    const { sandbox, readers } = this.victims;
    switch (kind) {
      case 'readers cut':
        for (const reader of readers) reader.cut();
        return;
      case 'receiver fails':
        await this.receiverIs('failing', times * 1000);
        return;
      case 'receiver is silent':
        await this.receiverIs('silent', times * 1000);
        return;
      case 'sandbox killed':
        await sandbox.kill();
        await sandbox.start();
        return;
      case 'duplicate':
      case 'receipt_lost':
      case 'ack_missing':
      case 'message_lost':
        await sandbox.addFault({ kind, phone, times });
        return;
      case 'silence':
        await sandbox.addFault({ kind, phone, forMs: times * 500 });
        return;
      default:
        await sandbox.addFault({ kind, phone });
    }
  }
}
