import { EngineError } from '../../engine-error.js';
import type { EngineEvent } from '../../engine-events.js';

/** So many QR codes, one after another, and nobody is there to scan. */
const MOST_QRS = 6;
/** The library asks for a new code so often (ms; Client.js, requestPairingCode). */
const CODE_LASTS = 180_000;

interface Needs {
  /** Asks the page for another QR. */
  refresh(): void;
  over(): void;
}

/** QR codes are renewed by the page; where it falls asleep over that, it is woken. */
export class Qrs {
  private count = 0;
  private current: string | undefined;
  private timer: NodeJS.Timeout | undefined;
  private waiting: (() => void)[] = [];

  constructor(
    private readonly lasts: number,
    private readonly tell: (event: EngineEvent) => void,
    private readonly needs: Needs,
  ) {}

  show(code: string): void {
    if (code === this.current) return;
    clearTimeout(this.timer);
    this.count += 1;
    if (this.count > MOST_QRS) {
      this.needs.over();
      return;
    }
    this.current = code;
    this.tell({ type: 'qr', code, expiresAt: Date.now() + this.lasts });
    for (const go of this.waiting.splice(0)) go();
    this.timer = setTimeout(() => this.renew(), this.lasts);
  }

  /** Resolves when there is a QR: WhatsApp can be asked for a pairing code then. */
  async shown(within: number): Promise<void> {
    if (this.current) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new EngineError('timeout', 'WhatsApp Web did not open in time')),
        within,
      );
      this.waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private renew(): void {
    this.needs.refresh();
    this.timer = setTimeout(() => this.needs.over(), this.lasts);
  }
}

/** Codes to type on the phone. */
export const PairingCodes = {
  event: (code: string): EngineEvent => ({
    type: 'pairing-code',
    code: code.replace('-', ''),
    expiresAt: Date.now() + CODE_LASTS,
  }),
};
