import { killInBrowser } from './browser-processes.js';
import type { EventReader } from './event-reader.js';
import type { Cast } from './lanes.js';
import type { Random } from './random.js';
import type { RedisProgram } from './redis-program.js';
import type { Responder } from './responder.js';
import type { SandboxProgram } from './sandbox-program.js';
import type { ServerApi } from './server-api.js';
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
/** Where there is a chatbot. */
const OF_CONSUMERS = ['responder fails', 'responder is silent'] as const;
/** Where there is one. */
const OF_REDIS = ['redis killed', 'redis killed'] as const;
/** Where a session runs in a browser. */
const OF_BROWSER = [
  'page process killed',
  'page process killed',
  'browser killed',
  'browser killed',
  'renderer killed',
  'page_reload',
  'page_resync',
  'page_synced',
] as const;

type Kind =
  | (typeof KINDS)[number]
  | (typeof OF_CONSUMERS)[number]
  | (typeof OF_REDIS)[number]
  | (typeof OF_BROWSER)[number];

const OF_PROCESSES = {
  'page process killed': 'page',
  'browser killed': 'browser',
  'renderer killed': 'renderer',
} as const;

export interface Disturbed {
  server: ServerApi;
  sandbox: SandboxProgram;
  readers: EventReader[];
  receiver: WebhookReceiver;
  responder: Responder;
  redis: RedisProgram | undefined;
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
    const { redis, cast } = this.victims;
    const kinds = [
      ...KINDS,
      ...(cast.consumers ? OF_CONSUMERS : []),
      ...(redis ? OF_REDIS : []),
      ...(cast.browser ? OF_BROWSER : []),
    ];
    for (;;) {
      await pause(this.random.exponential(everyMs), signal);
      const kind = this.random.pick<Kind>(kinds);
      const victim = this.random.pick([...this.victims.cast.sessions.keys()]);
      const times = this.random.whole(1, 5);
      if (signal.aborted) return;
      this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
      await this.strike(kind, victim, times);
    }
  }

  private async isInMood(program: { mood: Mood }, mood: Mood, time: number): Promise<void> {
    program.mood = mood;
    await pause(time, this.stopping.signal);
    program.mood = 'well';
  }

  private async strike(kind: Kind, phone: string, times: number): Promise<void> {
    const { server, sandbox, readers, receiver, responder, redis, cast } = this.victims;
    switch (kind) {
      case 'readers cut':
        for (const reader of readers) reader.cut();
        return;
      case 'receiver fails':
        await this.isInMood(receiver, 'failing', times * 1000);
        return;
      case 'receiver is silent':
        await this.isInMood(receiver, 'silent', times * 1000);
        return;
      case 'responder fails':
        await this.isInMood(responder, 'failing', times * 1000);
        return;
      case 'responder is silent':
        await this.isInMood(responder, 'silent', times * 1000);
        return;
      case 'redis killed':
        await redis?.kill();
        await pause(times * 1000, this.stopping.signal);
        await redis?.start();
        return;
      case 'sandbox killed':
        await sandbox.kill();
        await sandbox.start();
        return;
      case 'page process killed':
      case 'browser killed':
      case 'renderer killed':
        killInBrowser(server.pid, OF_PROCESSES[kind]);
        return;
      case 'page_reload':
      case 'page_resync':
      case 'page_synced':
        await sandbox.addFault({ kind, phone: cast.browser ?? phone });
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
