import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type DatabaseName, emptyDatabase } from './databases.js';
import { TestProcess } from './processes.js';
import { RemoteApi } from './test-api.js';
import type { TestSandbox } from './test-sandbox.js';
import { environmentFor } from './test-server.js';

interface Member {
  role: 'all' | 'api' | 'worker';
  process: TestProcess;
  api: RemoteApi;
}

/** Several server processes on one PostgreSQL. */
export class TestCluster {
  readonly members = new Map<string, Member>();

  private constructor(
    private readonly sandbox: TestSandbox,
    private readonly folder: string,
    private readonly database: Awaited<ReturnType<typeof emptyDatabase>>,
    private readonly environment: Record<string, string>,
  ) {}

  /** @param roles of the processes, by name */
  static async start(
    sandbox: TestSandbox,
    name: DatabaseName,
    roles: Record<string, Member['role']>,
    environment: Record<string, string> = {},
  ): Promise<TestCluster> {
    const folder = mkdtempSync(join(tmpdir(), 'patchbay-cluster-'));
    const database = await emptyDatabase(name);
    const cluster = new TestCluster(sandbox, folder, database, environment);
    // The first brings the tables; the others come together.
    const [first, ...others] = Object.entries(roles);
    if (first) await cluster.add(...first);
    await Promise.all(others.map((other) => cluster.add(...other)));
    return cluster;
  }

  async add(name: string, role: Member['role']): Promise<void> {
    const { process, url } = await TestProcess.start('server', {
      ...environmentFor(this.sandbox.address, join(this.folder, 'server')),
      DATABASE_URL: this.database.url ?? '',
      ROLE: role,
      ...this.environment,
    });
    this.members.set(name, { role, process, api: new RemoteApi(url) });
  }

  api(name: string): RemoteApi {
    return this.member(name).api;
  }

  member(name: string): Member {
    const found = this.members.get(name);
    if (!found) throw new Error(`there is no process ${name}`);
    return found;
  }

  /** The name of the process that has a session; undefined: none. */
  async ownerOf(sessionId: string): Promise<string | undefined> {
    return this.at(
      await this.ask(
        'select address from sessions s join workers w on w.id = s.worker_id where s.id = $1',
        sessionId,
      ),
    );
  }

  /** The name of the process that holds a lease; undefined: none. */
  async holderOf(lease: string): Promise<string | undefined> {
    return this.at(
      await this.ask(
        'select address from leases l join workers w on w.id = l.worker_id where l.name = $1',
        lease,
      ),
    );
  }

  /** Stops a process in order and starts another in its place; resolves with the exit code. */
  async restart(name: string): Promise<number | null> {
    const { process, role } = this.member(name);
    const code = await process.stop();
    await this.add(name, role);
    return code;
  }

  async kill(name: string): Promise<void> {
    const { process } = this.member(name);
    this.members.delete(name);
    await process.kill();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.members.values()].map(({ process }) => process.kill()));
    await this.database.drop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private at(address: string | undefined): string | undefined {
    return [...this.members].find(([, { api }]) => api.url === address)?.[0];
  }

  private async ask(statement: string, value: string): Promise<string | undefined> {
    const client = new pg.Client({ connectionString: this.database.url });
    await client.connect();
    try {
      const { rows } = await client.query<{ address: string }>(statement, [value]);
      return rows[0]?.address;
    } finally {
      await client.end();
    }
  }
}
