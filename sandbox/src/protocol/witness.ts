import { openSync, writeSync } from 'node:fs';
import type { WireConnection } from '../wire/connection.js';

/** Milliseconds. */
const TICK = 50;

/** What a companion did on one connection, as a line of the witness' file. */
export interface Testimony {
  what: 'login' | 'stanza' | 'closed';
  /** `phone:index` */
  device: string;
  /** Counts up with each login. */
  connection: number;
  /** What the client calls itself: `?by=` in the address that it opened. */
  by: string;
  /** When it was read (ms since 1970), and a moment at which it certainly had not arrived yet. */
  at: number;
  since: number;
  tag?: string;
  id?: string;
  reason?: string;
}

/**
 * Notes every stanza of every companion in a file as it arrives, also on a connection that another
 * has replaced: who judges whether two have used one login at the same time reads it there.
 */
export class Witness {
  private readonly file: number;
  private connections = 0;
  /** Two turns of the clock: whatever is read now had not arrived before the earlier one. */
  private turns: [number, number] = [Date.now(), Date.now()];

  constructor(file: string) {
    this.file = openSync(file, 'a');
    setInterval(() => {
      this.turns = [this.turns[1], Date.now()];
    }, TICK).unref();
  }

  watch(connection: WireConnection, device: string): void {
    this.connections += 1;
    const who = { device, connection: this.connections, by: connection.by };
    this.note({ what: 'login', ...who });
    connection.overhear({
      stanza: ({ tag, attrs }) =>
        this.note({ what: 'stanza', ...who, tag, ...(attrs.id && { id: attrs.id }) }),
      closed: (reason) => this.note({ what: 'closed', ...who, reason }),
    });
  }

  private note(what: Omit<Testimony, 'at' | 'since'>): void {
    // At once: what was heard just before the sandbox is killed counts too.
    const line: Testimony = { ...what, at: Date.now(), since: this.turns[0] };
    writeSync(this.file, `${JSON.stringify(line)}\n`);
  }
}
