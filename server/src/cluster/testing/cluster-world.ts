import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { emptyDatabase } from '../../testing/databases.js';
import { eventually } from '../../testing/eventually.js';
import { TestProcess } from '../../testing/processes.js';
import { RemoteApi } from '../../testing/test-api.js';
import { TestSandbox } from '../../testing/test-sandbox.js';
import { environmentFor } from '../../testing/test-server.js';

/** Notes every key that somebody writes who does not own its session at that moment. */
const JUDGE = `
  create table judged (session_id text, writer text, owner text);
  create function judge() returns trigger language plpgsql as $$
    declare
      about text := coalesce(new.session_id, old.session_id);
      writer text := current_setting('application_name');
      owner text := (
        select w.connections from sessions s join workers w on w.id = s.worker_id
        where s.id = about and w.expires_at > extract(epoch from clock_timestamp()) * 1000
      );
    begin
      if owner is distinct from writer then insert into judged values (about, writer, owner); end if;
      return null;
    end $$;
  create trigger judge_keys after insert or update or delete on session_keys
    for each row execute function judge();
  create trigger judge_journal after insert or update on stanza_journal
    for each row execute function judge();`;

export interface Member {
  process: TestProcess;
  api: RemoteApi;
  url: string;
}

/** Server processes on one PostgreSQL database, and a sandbox. */
export class ClusterWorld {
  readonly members: Member[] = [];
  /** Numbers of the sessions, by their id. */
  readonly phones = new Map<string, string>();
  /** The phone that they all talk with. */
  friend = '';

  private constructor(
    readonly sandbox: TestSandbox,
    private readonly sandboxProcess: TestProcess,
    private readonly folder: string,
    private readonly database: Awaited<ReturnType<typeof emptyDatabase>>,
    private client: pg.Client,
  ) {}

  static async start(): Promise<ClusterWorld> {
    const folder = mkdtempSync(join(tmpdir(), 'patchbay-cluster-'));
    const args = ['--port', '0', '--data', join(folder, 'sandbox'), '--empty'];
    const { process, url } = await TestProcess.start('sandbox', {}, args);
    const database = await emptyDatabase('postgres');
    const client = await connected(database.url);
    return new ClusterWorld(await TestSandbox.at(url), process, folder, database, client);
  }

  /** After the database was away. */
  async reconnect(): Promise<void> {
    await this.client.end().catch(() => undefined);
    this.client = await connected(this.database.url);
  }

  get databaseUrl(): string {
    return this.database.url as string;
  }

  async join(environment: Record<string, string> = {}): Promise<Member> {
    const { process, url } = await TestProcess.start('server', {
      ...environmentFor(this.sandbox.address, join(this.folder, 'server')),
      DATABASE_URL: this.databaseUrl,
      LOG_LEVEL: 'info',
      ...environment,
    });
    const member = { process, url, api: new RemoteApi(url) };
    this.members.push(member);
    return member;
  }

  /** Processes that start from now on tell each other nothing: what they notify is lost. */
  async loseNotices(): Promise<void> {
    const name = new URL(this.databaseUrl).pathname.slice(1);
    await this.client.query(`
      create function public.pg_notify(text, text) returns void language sql as 'select';
      alter database ${name} set search_path = public, pg_catalog`);
  }

  /** From now on the database tells on those who write keys that are not theirs. */
  async judge(): Promise<void> {
    await this.client.query(JUDGE);
    await this.client.query(`insert into session_keys values ('nobody', 'kind', 'id', '')`);
    if ((await this.judged()).length !== 1) throw new Error('the judge sleeps');
    await this.client.query(`delete from session_keys where session_id = 'nobody'`);
    await this.client.query('delete from judged');
  }

  async judged(): Promise<unknown[]> {
    return (await this.client.query('select * from judged')).rows;
  }

  async link(by: Member, ids: readonly string[]): Promise<void> {
    this.friend = await this.sandbox.phone('Friend');
    for (const id of ids) this.phones.set(id, await this.sandbox.phone());
    await Promise.all(
      [...this.phones].map(([id, phone]) => by.api.linked(this.sandbox, id, phone)),
    );
  }

  /** Ids of the sessions that a member has. */
  async sessionsOf({ url }: Member): Promise<string[]> {
    const { rows } = await this.client.query<{ id: string }>(
      `select s.id from sessions s join workers w on w.id = s.worker_id
       where w.address = $1 and s.status = 'connected' order by s.id`,
      [url],
    );
    return rows.map(({ id }) => id);
  }

  async shared(member: Member, count: number): Promise<string[]> {
    return await eventually(`${count} sessions at one process`, async () => {
      const ids = await this.sessionsOf(member);
      return ids.length === count ? ids : undefined;
    });
  }

  /** A message to a session; resolves with its id, which is also its text. */
  async write(id: string): Promise<string> {
    const phone = this.phones.get(id) as string;
    return await this.sandbox.write(this.friend, { to: phone, text: `to ${id}` });
  }

  /** Which of these messages are stored, and how often events tell of each. */
  async stored(ids: readonly string[]): Promise<{ id: string; events: number }[]> {
    const { rows } = await this.client.query<{ id: string; events: number }>(
      `select m.id, (
         select count(*)::int from events e where e.session_id = m.session_id
         and e.name = 'session.message' and e.data::json #>> '{message,id}' = m.id
       ) as events from messages m where m.id = any($1)`,
      [ids],
    );
    return rows;
  }

  /** Resolves when all are stored; with how long that took (ms). */
  async allStored(ids: readonly string[], within = 60_000): Promise<number> {
    const from = performance.now();
    await eventually(
      `${ids.length} messages are stored`,
      async () => ((await this.stored(ids)).length === ids.length ? true : undefined),
      within,
    );
    return performance.now() - from;
  }

  async stop(): Promise<void> {
    for (const { process } of this.members) {
      // One that stands still does not even hear of its end.
      process.signal('SIGCONT');
      await process.kill();
    }
    await this.sandboxProcess.kill();
    await this.client.end();
    await this.database.drop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function connected(url: string | undefined): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
