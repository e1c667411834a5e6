import type { DisconnectCause } from '../../engine-events.js';
import { type PageTimes, textOf } from '../protocol.js';
import type { Library } from './library.js';

/** States in which WhatsApp Web is without its own connection and looks for it by itself. */
const AWAY = ['OPENING', 'TIMEOUT', 'PAIRING'];

const SOCKET_STATE = `window.require('WAWebSocketModel').Socket.state`;

/**
 * The library may never say that it is ready: the page was ready before it listened, or its listeners
 * went with a reload. So a page that is logged in and says nothing is loaded anew, once.
 */
export class Readiness {
  private timer: NodeJS.Timeout | undefined;
  private awayTimer: NodeJS.Timeout | undefined;
  private lookTimer: NodeJS.Timeout | undefined;
  private isOver = false;
  private hasReloaded = false;
  private waiting = false;

  constructor(
    private readonly library: Library,
    private readonly times: PageTimes,
    private readonly giveUp: (cause: DisconnectCause, detail: string) => void,
  ) {}

  /** Between a reload and the next `ready`: the library's functions are not in the page. */
  get isWaiting(): boolean {
    return this.waiting;
  }

  /** From now on a `ready` is expected. */
  watch(): void {
    this.waiting = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.look(), this.times.readyWithin);
  }

  isReady(): void {
    clearTimeout(this.timer);
    this.waiting = false;
    this.hasReloaded = false;
    this.lookAgain();
  }

  /** Whether WhatsApp Web is open and has no connection of its own. */
  async isAway(): Promise<boolean> {
    const state = await this.library.pupPage?.evaluate(SOCKET_STATE).catch(() => undefined);
    return AWAY.includes(String(state));
  }

  /** WhatsApp Web has another state. */
  stateIs(state: string): void {
    clearTimeout(this.awayTimer);
    if (!AWAY.includes(state)) return;
    const detail = `WhatsApp Web is without connection (${state})`;
    this.awayTimer = setTimeout(() => this.giveUp('transient', detail), this.times.offlineFor);
  }

  stop(): void {
    this.isOver = true;
    clearTimeout(this.timer);
    clearTimeout(this.lookTimer);
    clearTimeout(this.awayTimer);
  }

  /** A renderer that hangs says nothing; the question to it fails then. */
  private lookAgain(): void {
    clearTimeout(this.lookTimer);
    this.lookTimer = setTimeout(async () => {
      try {
        await this.library.pupPage?.evaluate('1');
      } catch (error) {
        // A reload takes the question away with the page.
        if (!this.waiting)
          this.giveUp('transient', `WhatsApp Web does not answer: ${textOf(error)}`);
      }
      if (!this.isOver) this.lookAgain();
    }, this.times.lookEvery);
  }

  private async look(): Promise<void> {
    const page = this.library.pupPage;
    try {
      const state = await page?.evaluate(SOCKET_STATE);
      // Somebody has to scan first.
      if (String(state).startsWith('UNPAIRED')) return this.watch();
      if (this.hasReloaded || !page)
        return this.giveUp('launch-failed', 'WhatsApp Web did not become ready');
      this.hasReloaded = true;
      this.watch();
      await page.reload();
    } catch {
      this.giveUp('transient', 'WhatsApp Web does not answer');
    }
  }
}
