import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer } from './http.js';
import { NetworkLink } from './network-link.js';
import type { SandboxProgram } from './sandbox-program.js';
import { type SendAnswer, ServerApi } from './server-api.js';
import { ServerProgram } from './server-program.js';
import { pause, until } from './until.js';

const SECRET = 'secret-of-the-crash-harness-cluster';
const WORKERS = ['w1', 'w2', 'w3'];
const APIS = ['a1', 'a2'];
/** Milliseconds. */
const ASKED_AGAIN_FOR = 60_000;
const AGAIN_AFTER = 500;
const UP_WITHIN = 300_000;
const STILL_QR = 10_000;

export interface Member {
  name: string;
  role: 'worker' | 'api';
  program: ServerProgram;
  /** Its own ways to the services. */
  links: { database: NetworkLink; redis: NetworkLink };
  /** It has said that it listens, and was not ended since. */
  isUp: boolean;
}

interface Session {
  state: { status: string };
}

export interface ClusterSettings {
  folder: string;
  sandbox: SandboxProgram;
  databaseUrl: string;
  redisUrl: string;
  unsafe: string[];
}

/** The product as several processes on one PostgreSQL and one Redis; requests go to its API processes in turn. */
export class ClusterProgram extends ServerApi {
  readonly members: Member[] = [];
  /** Answers of 500 and more: whoever asked came again. */
  readonly asksAgain = new Map<number, number>();
  private turn = 0;

  private constructor(private readonly settings: ClusterSettings) {
    super();
  }

  /** Starts all; the first of them makes the tables, then `tablesThere` is called. */
  static async start(
    settings: ClusterSettings,
    tablesThere: () => Promise<void>,
  ): Promise<ClusterProgram> {
    const cluster = new ClusterProgram(settings);
    for (const name of [...APIS, ...WORKERS]) {
      const role = APIS.includes(name) ? 'api' : 'worker';
      const links = {
        database: await NetworkLink.to(settings.databaseUrl),
        redis: await NetworkLink.to(settings.redisUrl),
      };
      const addresses = { databaseUrl: links.database.url, redisUrl: links.redis.url };
      const environment = { ROLE: role, PATCHBAY_SECRET: SECRET };
      const program = new ServerProgram({ ...settings, ...addresses, name, environment });
      cluster.members.push({ name, role, program, links, isUp: false });
    }
    const [first, ...others] = cluster.members;
    try {
      await cluster.startMember(first!);
      await tablesThere();
      await Promise.all(others.map((member) => cluster.startMember(member)));
    } catch (error) {
      await cluster.kill();
      throw error;
    }
    return cluster;
  }

  /** Each time that of another API process that is up. */
  override get url(): string {
    this.turn += 1;
    const apis = this.members.filter(({ role }) => role === 'api');
    const up = apis.filter(({ isUp, program }) => isUp && !program.isGone);
    const from = up.length > 0 ? up : apis;
    return from[this.turn % from.length]!.program.url;
  }

  override readonly pid = undefined;

  get workers(): Member[] {
    return this.members.filter(({ role }) => role === 'worker');
  }

  get apis(): Member[] {
    return this.members.filter(({ role }) => role === 'api');
  }

  /** @param crashAt `name:hit` of a crash point */
  async startMember(member: Member, crashAt?: string): Promise<void> {
    member.isUp = await member.program.start(crashAt);
  }

  async killMember(member: Member): Promise<void> {
    member.isUp = false;
    // Who stands still does not even hear of its end.
    member.program.signal('SIGCONT');
    await member.program.kill();
  }

  async kill(): Promise<void> {
    await Promise.all(this.members.map((member) => this.killMember(member)));
    for (const { links } of this.members) {
      links.database.close();
      links.redis.close();
    }
  }

  /** Also rejects when the answer says that it could not be done just now: it may be asked again. */
  override async send(
    id: string,
    chatId: string,
    text: string,
    key: string,
  ): Promise<Answer<SendAnswer>> {
    const answer = await super.send(id, chatId, text, key);
    if (answer.status < 500) return answer;
    this.asksAgain.set(answer.status, (this.asksAgain.get(answer.status) ?? 0) + 1);
    throw new Error(`answered ${answer.status}`);
  }

  /**
   * Until it is connected: a worker that loses its time just when the phone has accepted it does not
   * know, and asks for a scan again.
   */
  override async link(id: string, phone: string): Promise<void> {
    for (;;) {
      await super.link(id, phone);
      if (await this.comesUp(id)) return;
      await this.settings.sandbox.forgetDevices(phone);
    }
  }

  private async comesUp(id: string): Promise<boolean> {
    let asksSince: number | undefined;
    return await until(
      `${id} is connected`,
      async () => {
        if ((await this.connected()).includes(id)) return true;
        const { state } = await this.call<Session>('GET', `/api/sessions/${id}`);
        if (state.status !== 'qr') asksSince = undefined;
        else asksSince ??= performance.now();
        const forLong = asksSince !== undefined && performance.now() - asksSince > STILL_QR;
        return forLong ? false : undefined;
      },
      UP_WITHIN,
      500,
    );
  }

  /** What changes nothing when it is done twice is asked for again, at the other API process. */
  override async call<Body>(method: string, path: string, body?: object): Promise<Body> {
    const deadline = performance.now() + (method === 'POST' ? 0 : ASKED_AGAIN_FOR);
    for (;;) {
      try {
        return await super.call<Body>(method, path, body);
      } catch (error) {
        if (performance.now() > deadline) throw error;
        await pause(AGAIN_AFTER);
      }
    }
  }

  /** Ids of the workers that each life of each process was, by its label. */
  workersOf(): Map<string, string[]> {
    const found = new Map<string, string[]>();
    for (const { name, program } of this.members) {
      for (let start = 1; start <= program.starts; start += 1) {
        const log = join(this.settings.folder, `${name}-${String(start).padStart(3, '0')}.log`);
        found.set(`${name}.${start}`, joinedIn(readFileSync(log, 'utf8')));
      }
    }
    return found;
  }
}

/** @param printed JSON lines */
function joinedIn(printed: string): string[] {
  const lines = printed.split('\n').filter((line) => line.includes('joined the cluster'));
  return lines.map((line) => (JSON.parse(line) as { worker: string }).worker);
}
