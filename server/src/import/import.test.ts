import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importedAuth } from '../engines/engine-registry.js';
import { databases, emptyDatabase } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { hasRedis, TestRedis } from '../testing/test-redis.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';
import { type EvolutionPlaces, evolutionInstances } from './evolution.js';
import { authFolders, type FoundAuth } from './folders.js';

const PROGRAM = (name: string) =>
  fileURLToPath(new URL(`../../dist/import/${name}`, import.meta.url));

describe('numbers that another program has linked', () => {
  let sandbox: TestSandbox;
  let root: string;
  let folder: string;
  let own: string;
  let person: string;
  let group: string;

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    root = mkdtempSync(join(tmpdir(), 'patchbay-import-'));
    folder = join(root, 'bot');
    own = await sandbox.phone();
    person = await sandbox.phone();
    const members = { subject: 'Old friends', participants: [own, person] };
    group = (await sandbox.call<{ id: string }>('POST', '/api/groups', members)).id;
    const plain = start('testing/plain-baileys.js', [folder, sandbox.address.controlUrl, own]);
    const answered = async (text: string) =>
      await eventually(`an answer to ${text}`, async () =>
        (await sandbox.messagesOf(person)).find((message) => message.text === `echo of ${text}`)
          ? true
          : undefined,
      );
    let printed = '';
    plain.stdout?.on('data', (data) => {
      printed += data;
    });
    await eventually('the plain program is linked', () => printed.includes('linked') || undefined);
    for (const to of [own, group]) {
      await sandbox.write(person, { to, text: `hello ${to}` });
      await answered(`hello ${to}`);
    }
    await sandbox.call('POST', '/api/settle', { timeoutMs: 60_000 });
    plain.kill('SIGTERM');
    await once(plain, 'exit');
  });
  afterAll(async () => {
    await sandbox.stop();
    rmSync(root, { recursive: true, force: true });
  });

  it('connect here without a scan, and conversations go on in both directions', async () => {
    const server = await TestServer.start(sandbox, { database: 'sqlite' });
    try {
      await server.close();
      const first = await runImport(server.storageRoot, ['--baileys', folder, '--id', 'moved-in']);
      expect(first.output).toContain('Session "moved-in" (bot)');
      const again = await runImport(server.storageRoot, ['--baileys', folder, '--id', 'again']);
      expect(again).toMatchObject({ code: 1, output: expect.stringContaining('"moved-in"') });
      await server.open();
      await server.reaches('moved-in', 'connected');
      for (const to of [own, group]) {
        const id = await sandbox.write(person, { to, text: `still there, ${to}?` });
        const { content } = await server.message('moved-in', id);
        expect(JSON.stringify(content)).toContain(`still there, ${to}?`);
      }
      for (const chat of [person, group]) {
        const sent = await server.send('moved-in', chat, 'here I am');
        await server.message('moved-in', sent, ({ status }) => status === 'delivered');
      }
    } finally {
      await server.stop();
    }
  });

  it('are left alone when something that they need is missing or damaged', async () => {
    const cases: [string, (copy: string) => void, string][] = [
      ['none', (copy) => rmSync(join(copy, 'creds.json')), 'there is no creds.json'],
      ['cut off', (copy) => writeFileSync(join(copy, 'creds.json'), '{"me":'), 'no JSON'],
      ['unlinked', without('account'), 'account is missing or damaged: no phone has linked'],
      ['no noise key', without('noiseKey'), 'noiseKey is missing or damaged'],
      [
        'no keys',
        onlyCreds,
        'keys that belong to them are missing: pre-key-…, app-state-sync-key-',
      ],
      [
        'damaged',
        (copy) => writeFileSync(join(copy, 'pre-key-3.json'), '{}'),
        'damaged: pre-key-3',
      ],
    ];
    for (const [name, spoil, said] of cases) {
      const copy = join(root, `spoilt ${name}`);
      cpSync(folder, copy, { recursive: true });
      spoil(copy);
      expect(() => authFolders(copy).map(({ auth }) => importedAuth(auth)), name).toThrow(said);
    }
  });

  it('are found as WAHA keeps them', () => {
    const engine = join(root, '.sessions', 'noweb');
    const hashed = `sales-${createHash('md5').update('sales').digest('hex')}`;
    for (const name of ['default', hashed]) cpSync(folder, join(engine, name), { recursive: true });
    writeFileSync(join(engine, 'default', '.waha.session.config.json'), '{}');
    const found = authFolders(join(root, '.sessions'));
    expect(found.map(({ name }) => name)).toEqual(['default', 'sales']);
    for (const { auth } of found) expect(keysOf(auth)).toEqual(keysOf(inFolder()));
    expect(importedAuth(found[0]?.auth as FoundAuth['auth']).leftOut).toEqual([
      '.waha.session.config',
    ]);
  });

  it('are found in the folder of an Evolution API with the column of its database', async () => {
    const instance = join(root, 'instances', 'cm1');
    cpSync(folder, instance, { recursive: true });
    rmSync(join(instance, 'creds.json'));
    writeFileSync(join(root, 'column'), JSON.stringify(creds()));
    const places = { folder: instance, creds: join(root, 'column') };
    expect(keysOf((await evolution(places)).auth)).toEqual(keysOf(inFolder()));
    await expect(evolution({ folder: instance })).resolves.toSatisfy(({ auth }: FoundAuth) => {
      expect(() => importedAuth(auth)).toThrow('no credentials');
      return true;
    });
  });

  if (databases.includes('postgres')) {
    it('are found in the PostgreSQL of an Evolution API, with the keys as files', async () => {
      const { url, drop } = await emptyDatabase('postgres');
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query('create table "Instance" (id text primary key, name text)');
      await client.query('create table "Session" (id text, "sessionId" text, creds text)');
      await client.query(`insert into "Instance" values ('cm2', 'sales'), ('cm3', 'never linked')`);
      await client.query(`insert into "Session" values ('s', 'cm2', $1)`, [
        JSON.stringify(creds()),
      ]);
      await client.end();
      const instances = join(root, 'instances');
      cpSync(folder, join(instances, 'cm2'), { recursive: true });
      const { name, auth } = await evolution({ folder: instances, databaseUrl: url });
      expect(name).toBe('sales');
      expect(keysOf(auth)).toEqual(keysOf(inFolder()));
      await drop();
    });
  }

  if (hasRedis) {
    it('are found in the Redis of an Evolution API', async () => {
      const redis = await TestRedis.start();
      const fields = JSON.parse(readFileSync(join(folder, 'keys-as-given'), 'utf8'));
      await redis.ask((client) => client.hset('evo:instance:cm4', { ...fields, creds: creds() }));
      await redis.ask((client) => client.set('evo:instance:cm4:lock', '1'));
      const { name, auth } = await evolution({ redisUrl: redis.url, redisPrefix: 'evo' });
      expect(name).toBe('cm4');
      expect(keysOf(auth)).toEqual(keysOf(inFolder()));
      await redis.stop();
    });
  }

  if (databases.includes('postgres')) {
    it('connect on PostgreSQL while servers run, by whichever takes them', async () => {
      const server = await TestServer.start(sandbox, {
        database: 'postgres',
        environment: { PATCHBAY_SECRET: 'the secret of all processes' },
      });
      try {
        const { output } = await runImport(join(root, 'elsewhere'), ['--baileys', folder], {
          DATABASE_URL: server.databaseUrl ?? '',
          PATCHBAY_SECRET: 'the secret of all processes',
        });
        expect(output).toContain('Session "bot" (bot)');
        await server.reaches('bot', 'connected');
      } finally {
        await server.stop();
      }
    });
  }

  const creds = () => readFileSync(join(folder, 'creds.json'), 'utf8');
  const inFolder = () => authFolders(folder)[0]?.auth as FoundAuth['auth'];

  async function evolution(places: Partial<EvolutionPlaces>): Promise<FoundAuth> {
    const nowhere = { folder: undefined, creds: undefined, databaseUrl: undefined };
    const found = await evolutionInstances({
      ...{ ...nowhere, redisUrl: undefined, redisPrefix: 'evolution' },
      ...places,
    });
    expect(found).toHaveLength(1);
    return found[0] as FoundAuth;
  }
});

/** What would be stored, readable and in one order. */
function keysOf(auth: FoundAuth['auth']): string[] {
  const { entries } = importedAuth(auth);
  expect(new Set(entries.map(({ kind }) => kind)).size).toBeGreaterThan(6);
  return entries
    .map(({ kind, id, value }) => `${kind} ${id} ${Buffer.from(value ?? []).toString('base64')}`)
    .sort();
}

function without(name: string) {
  return (copy: string) => {
    const file = join(copy, 'creds.json');
    const { [name]: _, ...rest } = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify(rest));
  };
}

function onlyCreds(copy: string): void {
  const text = readFileSync(join(copy, 'creds.json'));
  rmSync(copy, { recursive: true });
  mkdirSync(copy);
  writeFileSync(join(copy, 'creds.json'), text);
}

function start(
  program: string,
  args: string[],
  environment: Record<string, string> = {},
): ChildProcess {
  return spawn(process.execPath, [PROGRAM(program), ...args], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

async function runImport(
  storageRoot: string,
  args: string[],
  environment: Record<string, string> = {},
) {
  const child = start('main.js', args, { STORAGE_ROOT: storageRoot, ...environment });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data) => {
      output += data;
    });
  }
  const [code] = await once(child, 'close');
  return { code, output };
}
