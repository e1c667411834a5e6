import type { PhoneMessage, SandboxProgram } from './sandbox-program.js';
import { readSse } from './sse.js';
import { pause } from './until.js';

/** When each message arrived at the phones, as the sandbox tells it while it runs. */
export class PhoneWatcher {
  /** Milliseconds since 1970, by `phone text`. */
  readonly arrivals = new Map<string, number>();
  /** Told of each message; not of those that came while the sandbox was away. */
  onMessage: (phone: string, message: PhoneMessage) => void = () => undefined;
  private readonly leaving = new AbortController();
  private readonly work: Promise<void>;

  constructor(private readonly sandbox: SandboxProgram) {
    this.work = this.run();
  }

  async close(): Promise<void> {
    this.leaving.abort();
    await this.work;
  }

  private async run(): Promise<void> {
    const { signal } = this.leaving;
    while (!signal.aborted) {
      await readSse(`${this.sandbox.controlUrl}/api/events`, {}, signal, ({ data }) => {
        if (data) this.take(JSON.parse(data));
      }).catch(() => undefined);
      await pause(100, signal);
    }
  }

  private take(event: { phone: string; type: string; message?: PhoneMessage }): void {
    if (event.type !== 'message' || !event.message) return;
    const key = `${event.phone} ${event.message.text}`;
    if (!this.arrivals.has(key)) this.arrivals.set(key, Date.now());
    this.onMessage(event.phone, event.message);
  }
}
