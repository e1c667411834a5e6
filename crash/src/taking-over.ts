import type { Deeds } from './deeds.js';
import type { ConsumersCast } from './lanes.js';
import type { Random } from './random.js';
import { isAnswerTo } from './responder.js';
import type { SandboxProgram } from './sandbox-program.js';
import type { ServerApi } from './server-api.js';
import type { Traffic } from './traffic.js';
import { pause, until } from './until.js';

/** Milliseconds. */
const WITHIN = 600_000;
const LOOK_EVERY = 300;
const BETWEEN = 1000;

interface Tools {
  consumers: ConsumersCast;
  server: ServerApi;
  sandbox: SandboxProgram;
  traffic: Traffic;
  deeds: Deeds;
  random: Random;
  chatbotId: string;
}

type Conversations = { conversations: { id: string }[] };
type Messages = { messages: { content: string }[] };

/** A contact of the chatbot whose conversation a person takes over, and gives back, again and again. */
export class TakingOver {
  private readonly stopping = new AbortController();
  private readonly work: Promise<void>;
  private said = 0;

  constructor(private readonly tools: Tools) {
    // What does not come in time is found by the comparison at the end.
    this.work = this.run().catch(() => undefined);
  }

  /** Resolves when the bot has the conversation again. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.work;
  }

  private async run(): Promise<void> {
    const { deeds, random } = this.tools;
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const question = await this.say();
      if (question === undefined) continue;
      await until('an answer', () => this.isAnswered(question), WITHIN, LOOK_EVERY);
      await this.handOver(question, 'human');
      for (let count = random.whole(1, 3); count > 0; count -= 1) {
        deeds.toAPerson.add(this.nextText);
        const text = await this.say();
        if (text === undefined) continue;
        // The conversation is the person's when this is read from the log.
        await until('it is kept', () => this.isKept(text), WITHIN, LOOK_EVERY);
      }
      await this.handOver(question, 'bot');
      await pause(random.exponential(BETWEEN), signal);
    }
  }

  private get nextText(): string {
    return `${this.tools.consumers.takenOver.id}.${String(this.said + 1).padStart(5, '0')}`;
  }

  /** Says the next thing; undefined when the phone was gone before it was said. */
  private async say(): Promise<string | undefined> {
    const { traffic, consumers } = this.tools;
    this.said += 1;
    const { text } = await traffic.say(consumers.takenOver, this.said);
    const onPhone = await until('the phone is there', () => this.onPhone(), WITHIN, LOOK_EVERY);
    return onPhone.some((message) => message.text === text) ? text : undefined;
  }

  private onPhone() {
    const { sandbox, consumers } = this.tools;
    return sandbox.messagesOf(consumers.takenOver.author).catch(() => undefined);
  }

  private async isAnswered(question: string): Promise<true | undefined> {
    const messages = (await this.onPhone()) ?? [];
    return messages.some(({ text }) => isAnswerTo(text, question)) || undefined;
  }

  private async isKept(text: string): Promise<true | undefined> {
    return (await this.conversationWith(text)) ? true : undefined;
  }

  private async handOver(question: string, state: 'bot' | 'human'): Promise<void> {
    const { server } = this.tools;
    const ask = async () => {
      const path = await this.conversationWith(question);
      if (!path) return undefined;
      return await server.call('PUT', `${path}/state`, { state }).catch(() => undefined);
    };
    await until(`the conversation is with the ${state}`, ask, WITHIN, LOOK_EVERY);
  }

  /** The path of the conversation in which this was said; merging chats gives it another id. */
  private async conversationWith(text: string): Promise<string | undefined> {
    const { server, chatbotId } = this.tools;
    const all = `/api/chatbots/${chatbotId}/conversations`;
    try {
      const { conversations } = await server.call<Conversations>('GET', all);
      for (const { id } of conversations) {
        const { messages } = await server.call<Messages>('GET', `${all}/${id}/messages`);
        if (messages.some(({ content }) => content === text)) return `${all}/${id}`;
      }
    } catch {
      // The server is away; it is asked again.
    }
    return undefined;
  }
}
