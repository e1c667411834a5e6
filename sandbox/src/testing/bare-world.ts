import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import type { PhoneConnection } from '../protocol/seam.js';
import { node } from '../protocol/stanza.js';
import { type Sandbox, startSandbox } from '../sandbox.js';

/** A device that a test plays by hand: it says nothing that the test does not say. */
export class HandPlayed {
  readonly received: BinaryNode[] = [];
  private readonly watchers = new Set<() => void>();
  private readonly connection: PhoneConnection;
  closedBecause: string | undefined;

  constructor(sandbox: Sandbox, phone: string) {
    this.connection = sandbox.server.attachPhone(phone, {
      receive: (stanza) => {
        this.received.push(stanza);
        for (const look of this.watchers) look();
      },
      closed: (reason) => {
        this.closedBecause = reason;
      },
    });
  }

  send(tag: string, attrs: Record<string, string | undefined>, content?: BinaryNode[]): void {
    this.connection.send(node(tag, attrs, content));
  }

  request(iq: BinaryNode): Promise<BinaryNode> {
    return this.connection.request(iq);
  }

  detach(): void {
    this.connection.detach();
  }

  /** The first stanza that fits, now or later. The stanza is taken out of `received`. */
  next(what: string, fits: (stanza: BinaryNode) => boolean, ms = 5000): Promise<BinaryNode> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const index = this.received.findIndex(fits);
        if (index < 0) return;
        clearTimeout(timer);
        this.watchers.delete(look);
        resolve(this.received.splice(index, 1)[0]!);
      };
      const timer = setTimeout(() => {
        this.watchers.delete(look);
        const seen = JSON.stringify(this.received);
        reject(new Error(`timed out waiting for ${what}; received ${seen}`));
      }, ms);
      this.watchers.add(look);
      look();
    });
  }

  tagged(tag: string): Promise<BinaryNode> {
    return this.next(`<${tag}>`, (stanza) => stanza.tag === tag);
  }
}

/** A sandbox whose phones are nobody's but the test's. */
export class BareWorld {
  readonly dataDir: string;
  sandbox!: Sandbox;

  constructor(copyOf?: string) {
    this.dataDir = mkdtempSync(join(tmpdir(), 'sandbox-bare-'));
    if (copyOf) cpSync(copyOf, this.dataDir, { recursive: true });
  }

  async start(): Promise<this> {
    const control = async () => ({ handle: () => {}, close: async () => {} });
    this.sandbox = await startSandbox({ dataDir: this.dataDir, port: 0, control });
    return this;
  }

  attach(phone: string): HandPlayed {
    return new HandPlayed(this.sandbox, phone);
  }

  /** What a process killed in this very moment would leave on the disk. */
  copyAsIfKilled(): BareWorld {
    return new BareWorld(this.dataDir);
  }

  async end(): Promise<void> {
    await this.sandbox.stop();
    rmSync(this.dataDir, { recursive: true });
  }
}

/** A message with one ciphertext, as bytes that nobody needs to read. */
export function sealed(text: string, attrs: Record<string, string> = {}): BinaryNode {
  return node('enc', { v: '2', type: 'msg', ...attrs }, Buffer.from(`sealed ${text}`));
}
