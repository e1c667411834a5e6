import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { captureLog } from './captured-logs.js';

const MAIN = {
  server: fileURLToPath(new URL('../../bundle/main.js', import.meta.url)),
  sandbox: fileURLToPath(new URL('../../../sandbox/dist/main.js', import.meta.url)),
};

/** The server or the sandbox as a process of its own, to be killed. */
export class TestProcess {
  private output = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly name: string,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (data) => {
        this.output += data;
        if (name === 'server') captureLog(String(data));
      });
    }
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error(`the ${this.name} did not start`);
    return this.child.pid;
  }

  /** Everything it has printed. */
  get printed(): string {
    return this.output;
  }

  /** Resolves when the process has printed its ready line; `url` is the address in it. */
  static async start(
    name: keyof typeof MAIN,
    environment: Record<string, string>,
    args: string[] = [],
  ): Promise<{ process: TestProcess; url: string }> {
    const child = spawn(process.execPath, [MAIN[name], ...args], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const started = new TestProcess(child, name);
    const url = await started.ready();
    return { process: started, url };
  }

  private ready(): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const url = / is listening on (http:\/\/\S+)/.exec(this.output)?.[1];
        if (url) resolve(url);
      };
      this.child.stdout?.on('data', look);
      this.child.once('exit', (code) => {
        reject(new Error(`the ${this.name} ended with ${code}:\n${this.output}`));
      });
    });
  }

  /** SIGSTOP and SIGCONT: it stands still, and goes on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.child.kill(signal);
  }

  /** Ends the process at once, as a power switch would. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Asks the process to stop; resolves with its exit code. */
  async stop(): Promise<number | null> {
    return await this.end('SIGTERM');
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    this.child.removeAllListeners('exit');
    const exit = once(this.child, 'exit');
    this.child.kill(signal);
    await exit;
    return this.child.exitCode;
  }
}
