import { setMaxListeners } from 'node:events';
import type { Cast, Lane } from './lanes.js';
import { Random } from './random.js';
import type { SandboxProgram } from './sandbox-program.js';
import type { ServerApi } from './server-api.js';
import { pause } from './until.js';

/** A message that somebody tried to send. */
export interface Sent {
  lane: Lane;
  /** Unlike any other's: how it is found again everywhere. */
  text: string;
  /** When it was asked for (ms since 1970), and in which round. */
  at: number;
  round: number;
  /**
   * `accepted`: the answer said so; `refused`: the answer said no; `unknown`: the answer died with
   * the phone that should have given it.
   */
  outcome: 'pending' | 'accepted' | 'refused' | 'unknown';
  id?: string;
  /** What a refusal said. */
  answer?: string;
  /** The answer was lost with the server, so it was asked for again under the same key. */
  askedAgain?: boolean;
}

const AGAIN_AFTER = 100;
/**
 * While more stanzas than this wait in WhatsApp's queues nobody writes: on a slow machine the server
 * would work off nothing but what came again, and hardly ever reach the next crash point.
 */
const CROWDED = 400;
const LOOK_EVERY = 1000;

/** Continuous traffic in both directions, and phones that read what they got. */
export class Traffic {
  readonly sent: Sent[] = [];
  round = 0;
  private readonly stopping = new AbortController();
  private readonly work: Promise<void>[];
  private isCrowded = false;

  /** @param rate messages a second, over all lanes */
  constructor(
    private readonly cast: Cast,
    private readonly server: ServerApi,
    private readonly sandbox: SandboxProgram,
    { rate, seed }: { rate: number; seed: number },
  ) {
    setMaxListeners(0, this.stopping.signal);
    const mean = (cast.lanes.length / rate) * 1000;
    this.work = cast.lanes.map((lane) => this.write(lane, new Random(seed, lane.id), mean));
    this.work.push(this.watchQueues());
    this.work.push(...cast.contacts.map((phone) => this.read(phone, new Random(seed, phone))));
  }

  /** Resolves when every message has its outcome. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.work);
  }

  /** Says the next thing in a lane; resolves when its outcome is known. */
  async say(lane: Lane, number: number): Promise<Sent> {
    const text = `${lane.id}.${String(number).padStart(5, '0')}${lane.tag ? ` #${lane.tag}` : ''}`;
    const sent: Sent = { lane, text, at: Date.now(), round: this.round, outcome: 'pending' };
    this.sent.push(sent);
    await this.send(sent);
    return sent;
  }

  private async write(lane: Lane, random: Random, mean: number): Promise<void> {
    const { signal } = this.stopping;
    for (let number = 1; ; ) {
      await pause(random.exponential(mean), signal);
      if (signal.aborted) return;
      if (this.isCrowded) continue;
      await this.say(lane, number);
      number += 1;
    }
  }

  private async watchQueues(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      // A sandbox that is away says nothing; nor does anything arrive then.
      const queues = await this.sandbox.queues().catch(() => []);
      const waiting = queues.reduce((sum, { stanzas }) => sum + stanzas.length, 0);
      this.isCrowded = waiting > CROWDED;
      await pause(LOOK_EVERY, signal);
    }
  }

  private async send(sent: Sent): Promise<void> {
    const { via } = sent.lane;
    for (;;) {
      try {
        Object.assign(sent, await (via === 'api' ? this.ask(sent) : this.type(sent)));
        return;
      } catch (error) {
        const done = !neverArrived(error);
        // The API is asked again under the same key until it answers; a person looks at the phone.
        if (done && via === 'phone') {
          sent.outcome = 'unknown';
          return;
        }
        await pause(AGAIN_AFTER);
        if (done || sent.askedAgain) sent.askedAgain = true;
        else Object.assign(sent, { at: Date.now(), round: this.round });
      }
    }
  }

  private async ask({ lane, text }: Sent): Promise<Pick<Sent, 'outcome' | 'id' | 'answer'>> {
    const session = this.cast.sessions.get(lane.author)!;
    const [key = ''] = text.split(' ');
    const { status, body } = await this.server.send(session, lane.chat, text, key);
    if (status === 202) return { outcome: 'accepted', id: body.messageId! };
    return { outcome: 'refused', answer: `${status} ${JSON.stringify(body)}` };
  }

  private async type({ lane, text }: Sent): Promise<Pick<Sent, 'outcome' | 'id'>> {
    return { outcome: 'accepted', id: await this.sandbox.write(lane.author, lane.chat, text) };
  }

  private async read(phone: string, random: Random): Promise<void> {
    const { signal } = this.stopping;
    const chats = this.cast.lanes
      .filter(({ via, chat, members }) => via === 'api' && members.length === 2 && chat === phone)
      .map(({ author }) => author);
    while (chats.length > 0) {
      await pause(random.exponential(3000), signal);
      if (signal.aborted) return;
      // What fails is not read; the phone's own log says what was.
      await this.sandbox.read(phone, random.pick(chats)).catch(() => undefined);
    }
  }
}

/** Nobody listened there: certainly not done. */
function neverArrived(error: unknown): boolean {
  const { cause } = error as { cause?: { code?: string } };
  return cause?.code === 'ECONNREFUSED';
}
