import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_KEY } from '../testing/test-api.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';
import { SecretBox } from './secret-box.js';

/** Names under which Baileys and libsignal keep what must stay secret. */
const SECRET_FIELDS = ['private', 'privKey', 'rootKey', 'advSecretKey', 'keyData'];

describe('credentials at rest', () => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    sandbox = await TestSandbox.start();
  });
  afterAll(() => sandbox.stop());

  /** A server that linked a number and talked; then its secrets, and the bytes of all its files. */
  async function secretsAndFiles(encryption: 'on' | 'off') {
    const server = await TestServer.start(sandbox, {
      database: 'sqlite',
      environment: { PATCHBAY_ENCRYPTION: encryption },
    });
    try {
      const [own, other] = [await sandbox.phone(), await sandbox.phone()];
      await server.linked(sandbox, 'main', own);
      await server.message('main', await sandbox.write(other, { to: own, text: 'hello' }));
      const sent = await server.send('main', other, 'hello too');
      await server.message('main', sent, ({ status }) => status === 'delivered');
      await server.call('PUT', '/api/sessions/showing-a-qr');
      await server.qrOf('showing-a-qr');
      const secrets = await secretsOf(server, encryption === 'on');
      return { secrets, files: filesUnder(server.storageRoot) };
    } finally {
      await server.stop();
    }
  }

  it('are in no file of the database: raw, hex or base64', async () => {
    const { secrets, files } = await secretsAndFiles('on');
    expect(secrets.length).toBeGreaterThan(800);
    expect(foundIn(files, secrets)).toEqual([]);
    expect(foundIn(files, [Buffer.from(API_KEY)])).toEqual([]);
  });

  it('are found by the same search when the encryption is off', async () => {
    const { secrets, files } = await secretsAndFiles('off');
    expect(foundIn(files, secrets).length).toBeGreaterThan(secrets.length * 0.9);
  });
});

async function secretsOf(server: TestServer, sealed: boolean): Promise<Buffer[]> {
  const secret = Buffer.from(readFileSync(join(server.storageRoot, 'secret.key'), 'utf8').trim());
  const box = new SecretBox(secret, sealed);
  const rows = await server.house.database.kysely
    .selectFrom('session_keys')
    .selectAll()
    // Public keys of others, as bytes.
    .where('kind', '!=', 'identity-key')
    .execute();
  const secrets = new Map<string, Buffer>();
  for (const { session_id, kind, id, value } of rows) {
    const opened = box.open(value, `${session_id}|${kind}|${id}`);
    collect(JSON.parse(Buffer.from(opened).toString()), undefined, (bytes) =>
      secrets.set(bytes.toString('hex'), bytes),
    );
  }
  return [...secrets.values()];
}

/** Walks decoded key rows; bytes are `{ type: 'Buffer', data: base64 }` or base64 text. */
function collect(value: unknown, name: string | undefined, found: (bytes: Buffer) => void): void {
  const isSecret = name !== undefined && SECRET_FIELDS.includes(name);
  if (typeof value === 'string') {
    if (isSecret) found(Buffer.from(value, 'base64'));
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if ('type' in value && value.type === 'Buffer' && 'data' in value) {
    if (isSecret) found(Buffer.from(value.data as string, 'base64'));
    return;
  }
  for (const [key, inner] of Object.entries(value)) collect(inner, key, found);
}

function filesUnder(folder: string): { name: string; bytes: Buffer }[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name !== 'secret.key')
    .map((entry) => ({
      name: entry.name,
      bytes: readFileSync(join(entry.parentPath, entry.name)),
    }));
}

/** The secrets that are in one of the files in any of the three forms. */
function foundIn(files: { name: string; bytes: Buffer }[], secrets: Buffer[]): string[] {
  return secrets.flatMap((secret) => {
    const forms = [secret, secret.toString('hex'), secret.toString('base64')];
    const hit = files.find(({ bytes }) => forms.some((form) => bytes.includes(form)));
    return hit ? [hit.name] : [];
  });
}
