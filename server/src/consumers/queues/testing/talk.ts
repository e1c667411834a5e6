import { expect } from 'vitest';
import { eventually } from '../../../testing/eventually.js';
import type { TestSandbox } from '../../../testing/test-sandbox.js';

/** People who write to a number behind which examples/queue-worker.mjs answers. */
export class Talk {
  private constructor(
    private readonly sandbox: TestSandbox,
    readonly own: string,
    readonly others: string[],
  ) {}

  static async between(sandbox: TestSandbox, people: number): Promise<Talk> {
    const own = await sandbox.phone('Own');
    const others: string[] = [];
    for (let n = 0; n < people; n += 1) others.push(await sandbox.phone());
    return new Talk(sandbox, own, others);
  }

  /** So many messages of each person, and something that happens in the middle of them. */
  async say(name: string, count: number, meanwhile?: () => Promise<void>): Promise<void> {
    for (let n = 0; n < count; n += 1) {
      if (n === Math.floor(count / 2)) await meanwhile?.();
      for (const other of this.others) {
        await this.sandbox.write(other, { to: this.own, text: `${name} ${n}` });
      }
    }
  }

  /** Each message is answered once, in the order of its chat. */
  async expectAnswers(name: string, count: number): Promise<void> {
    for (const other of this.others) {
      await eventually(
        `all of ${name} is answered`,
        async () => ((await this.answers(other, name)).length >= count ? true : undefined),
        60_000,
      );
    }
    await this.sandbox.call('POST', '/api/settle');
    const expected = Array.from({ length: count }, (_, n) => `You said: ${name} ${n}`);
    for (const other of this.others) expect(await this.answers(other, name)).toEqual(expected);
  }

  private async answers(phone: string, name: string): Promise<string[]> {
    const messages = await this.sandbox.messagesOf(phone);
    return messages
      .map(({ text }) => text ?? '')
      .filter((text) => text.startsWith(`You said: ${name} `));
  }
}
