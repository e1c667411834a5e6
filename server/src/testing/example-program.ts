import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.js';

/** One of the programs in examples/, run as its reader would. */
export class ExampleProgram {
  printed = '';

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (data) => {
        this.printed += data;
      });
    }
  }

  static start(name: string, args: string[], environment: Record<string, string>): ExampleProgram {
    const file = fileURLToPath(new URL(`../../../examples/${name}.mjs`, import.meta.url));
    const child = spawn(process.execPath, [file, ...args], {
      env: { PATH: process.env.PATH, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new ExampleProgram(child);
  }

  /** Resolves with what it printed when that fits. */
  async prints(what: RegExp): Promise<RegExpExecArray> {
    return await eventually(
      `the program prints ${what}`,
      () => what.exec(this.printed) ?? undefined,
    )
      // What it did print says more than that something is missing.
      .catch((error) => Promise.reject(new Error(`${error.message}:\n${this.printed}`)));
  }

  async ends(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      await once(this.child, 'exit');
    }
    return this.child.exitCode;
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ends();
  }
}
