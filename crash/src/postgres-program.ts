import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import { until } from './until.js';

/** Where Debian puts each version's programs. */
const VERSIONS = '/usr/lib/postgresql';
const START_WITHIN = 120_000;
/** It refuses to run as root. */
const USER = 'postgres';

/** A PostgreSQL of the run's own, with all that makes it durable: ended and started again as wanted. */
export class PostgresProgram {
  private starts = 0;
  private child: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    private readonly port: number,
    private readonly programs: string,
    private readonly user: { uid: number; gid: number } | undefined,
  ) {
    // Its children end when they see that it is gone.
    process.on('exit', () => this.child?.kill('SIGKILL'));
  }

  /** @throws when PostgreSQL is not installed */
  static async open(folder: string): Promise<PostgresProgram> {
    const user = process.getuid?.() === 0 ? idsOf(USER) : undefined;
    const postgres = new PostgresProgram(folder, await freePort(), programsFolder(), user);
    postgres.create();
    await postgres.start();
    return postgres;
  }

  get url(): string {
    return `postgres://postgres@127.0.0.1:${this.port}/postgres`;
  }

  /** Resolves when it takes connections; after a hard end it has recovered then. */
  async start(): Promise<void> {
    this.starts += 1;
    const logFile = join(this.folder, `postgres-${String(this.starts).padStart(3, '0')}.log`);
    const log = openSync(logFile, 'wx');
    const options = {
      port: this.port,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: 150,
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
    };
    const args = Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = spawn(join(this.programs, 'postgres'), ['-D', this.data, ...args], {
      stdio: ['ignore', log, log],
      ...this.user,
    });
    closeSync(log);
    this.child = child;
    const ended = once(child, 'exit').then(() => new Error('it ended'));
    const ready = until('PostgreSQL answers', () => isReady(logFile), START_WITHIN);
    const failed = await Promise.race([ended, ready.then(() => undefined)]);
    if (failed) throw new Error(`PostgreSQL: ${failed.message}\n${readFileSync(logFile, 'utf8')}`);
  }

  /** @param signal SIGINT ends it in order, SIGQUIT as a crash would: all connections break at once */
  async stop(signal: 'SIGINT' | 'SIGQUIT'): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  private get data(): string {
    return join(this.folder, 'postgres');
  }

  private create(): void {
    mkdirSync(this.data, { mode: 0o700 });
    if (this.user) {
      chownSync(this.data, this.user.uid, this.user.gid);
      // That user may go through it to its own.
      chmodSync(this.folder, 0o711);
    }
    const locale = ['--encoding', 'UTF8', '--locale', 'C'];
    const args = ['-D', this.data, '-U', 'postgres', '--auth', 'trust', ...locale];
    execFileSync(join(this.programs, 'initdb'), args, { cwd: '/', stdio: 'pipe', ...this.user });
  }
}

function isReady(logFile: string): true | undefined {
  return readFileSync(logFile, 'utf8').includes('ready to accept connections') || undefined;
}

function programsFolder(): string {
  try {
    const newest = readdirSync(VERSIONS).sort((a, b) => Number(b) - Number(a))[0];
    if (newest) return join(VERSIONS, newest, 'bin');
  } catch {
    // Said below.
  }
  throw new Error(
    'there is no PostgreSQL below /usr/lib/postgresql: install Debian’s package postgresql',
  );
}

function idsOf(user: string): { uid: number; gid: number } {
  const ask = (flag: string) => Number(execFileSync('id', [flag, user], { encoding: 'utf8' }));
  return { uid: ask('-u'), gid: ask('-g') };
}
