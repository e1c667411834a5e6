import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DatabaseName, emptyDatabase } from './databases.js';
import { TestProcess } from './processes.js';
import { RemoteApi } from './test-api.js';
import { TestSandbox } from './test-sandbox.js';
import { environmentFor } from './test-server.js';

/** A server and a sandbox as processes of their own; the server can be killed and started again. */
export class ProcessPair {
  server!: RemoteApi;
  serverProcess!: TestProcess;

  private constructor(
    readonly sandbox: TestSandbox,
    private readonly sandboxProcess: TestProcess,
    private readonly folder: string,
    private readonly database: Awaited<ReturnType<typeof emptyDatabase>>,
    private readonly environment: Record<string, string>,
  ) {}

  static async start(
    name: DatabaseName,
    environment: Record<string, string> = {},
  ): Promise<ProcessPair> {
    const folder = mkdtempSync(join(tmpdir(), 'patchbay-pair-'));
    const args = ['--port', '0', '--data', join(folder, 'sandbox'), '--empty'];
    const started = await TestProcess.start('sandbox', {}, args);
    const sandbox = await TestSandbox.at(started.url);
    const database = await emptyDatabase(name);
    const pair = new ProcessPair(sandbox, started.process, folder, database, environment);
    await pair.startServer();
    return pair;
  }

  get storageRoot(): string {
    return join(this.folder, 'server');
  }

  async startServer(): Promise<void> {
    const started = await TestProcess.start('server', {
      ...environmentFor(this.sandbox.address, this.storageRoot),
      ...(this.database.url && { DATABASE_URL: this.database.url }),
      ...this.environment,
    });
    this.serverProcess = started.process;
    this.server = new RemoteApi(started.url);
  }

  async stop(): Promise<void> {
    await this.serverProcess.kill();
    await this.sandboxProcess.kill();
    await this.database.drop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
