import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import { EngineError } from '../engine-error.js';
import { FromPage, type PageCall, type PageCalls, type ToPage } from './protocol.js';

/** The built file, also where the rest runs from its sources: a process starts from JavaScript. */
const FILE = createRequire(import.meta.url).resolve('#wwebjs-page');

/** How often it is looked whether a browser has ended (ms). */
const LOOK_EVERY = 20;
/** A browser whose process of a page has ended ends by itself; after this long it is killed (ms). */
const BROWSER_ENDS_WITHIN = 2000;

/** How often a page is told that the session is still ours (ms). */
const TELL_EVERY = 500;

/** Characters of its errors that are kept. */
const COMPLAINT = 500;

type Told = Exclude<FromPage, { kind: 'answer' | 'failure' | 'browser' }>;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/**
 * The process that has the library and the browser of one session. It ends when its channel to us
 * closes, and the browser when its pipe to that process does: whoever dies leaves nobody behind.
 */
export class PageProcess {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, Waiting>();
  private readonly gone: Promise<unknown>;
  /** The end of what it wrote as errors. */
  private complaint = '';
  private last = 0;
  private browser: number | undefined;

  /**
   * @param environment all that it knows of ours
   * @param oursFor how long (ms) it may go on, unless it is told again
   * @param tell called with what it says, and when it ended without a word
   */
  constructor(
    environment: Record<string, string>,
    private readonly oursFor: () => number,
    private readonly tell: (told: Told) => void,
  ) {
    this.child = fork(FILE, [], {
      serialization: 'advanced',
      execArgv: [],
      // Of our settings nothing: they have secrets.
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.child.stderr?.on('data', (text) => {
      this.complaint = `${this.complaint}${text}`.slice(-COMPLAINT);
    });
    if (oursFor() !== Number.POSITIVE_INFINITY) this.keepTelling();
    this.gone = once(this.child, 'exit').catch(() => undefined);
    this.child.on('message', (message) => this.hear(FromPage.parse(message)));
    this.child.once('error', (error) => this.over(`could not start: ${error.message}`));
    this.child.once('exit', (code, signal) => this.over(`ended (${signal ?? code})`));
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** The first of the processes of its Chromium. */
  get browserPid(): number | undefined {
    return this.browser;
  }

  /** @throws {EngineError} */
  call<Name extends PageCall>(
    call: Name,
    ...args: Parameters<PageCalls[Name]>
  ): Promise<ReturnType<PageCalls[Name]>> {
    const id = ++this.last;
    const order: ToPage = { id, call, args };
    return new Promise((resolve, reject) => {
      if (!this.child.connected) return reject(notThere());
      this.waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
      this.child.send(order, (error) => {
        if (error && this.waiting.delete(id)) reject(notThere());
      });
    });
  }

  /** Ends process and browser, in order if they do it within the time (ms; 0: at once); resolves when both are gone. */
  async end(within: number): Promise<void> {
    if (this.child.connected) {
      const inOrder = within > 0 && this.call('close').catch(() => undefined);
      await Promise.race([inOrder, this.gone, delay(within, undefined, { ref: false })]);
      if (this.child.connected) this.child.disconnect();
    }
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGKILL');
    await this.gone;
    await this.browserEnded();
  }

  private keepTelling(): void {
    const say = () => {
      const oursFor = this.oursFor();
      // What cannot be told ends the page at its time.
      if (oursFor > 0 && this.child.connected) this.child.send({ oursFor }, () => undefined);
    };
    say();
    const timer = setInterval(say, TELL_EVERY).unref();
    this.child.once('exit', () => clearInterval(timer));
  }

  private hear(message: FromPage): void {
    switch (message.kind) {
      case 'answer':
        this.settle(message.id)?.resolve(message.value);
        return;
      case 'failure': {
        const { id, code, certainlyNotSent } = message;
        this.settle(id)?.reject(new EngineError(code, message.message, certainlyNotSent));
        return;
      }
      case 'browser':
        this.browser = message.pid;
        return;
      default:
        this.tell(message);
    }
  }

  private settle(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    return waiting;
  }

  private over(how: string): void {
    for (const { reject } of this.waiting.values()) reject(notThere());
    this.waiting.clear();
    // Before it has a browser, another try soon ends the same way.
    const cause = this.browser === undefined ? 'launch-failed' : 'transient';
    const detail = `the process of the browser ${how} ${this.complaint}`.trim();
    this.tell({ kind: 'end', cause, detail });
  }

  /** Chromium is the leader of its group, in which its helpers are. */
  private async browserEnded(): Promise<void> {
    if (this.browser === undefined) return;
    const deadline = Date.now() + BROWSER_ENDS_WITHIN;
    while (isThere(this.browser)) {
      if (Date.now() > deadline) signalGroup(this.browser, 'SIGKILL');
      await delay(LOOK_EVERY);
    }
  }
}

function isThere(group: number): boolean {
  return signalGroup(group, 0);
}

function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal);
  } catch {
    return false;
  }
}

function notThere(): EngineError {
  return new EngineError('not-connected', 'The browser of the session has ended', false);
}
