import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../testing/databases.js';
import { eventually } from '../testing/eventually.js';
import { fileOf, fileOnPhone, sendFile } from '../testing/media-of.js';
import { startS3Service } from '../testing/s3-service.js';
import { API_KEY } from '../testing/test-api.js';
import { TestCluster } from '../testing/test-cluster.js';
import { TestSandbox } from '../testing/test-sandbox.js';

const ACCOUNT = { region: 'eu-south-2', accessKeyId: 'several', secretAccessKey: 'between-them' };

describe.each(databases.filter((name) => name === 'postgres'))('one bucket and %s', (name) => {
  let sandbox: TestSandbox;
  let cluster: TestCluster;
  let bucket: Awaited<ReturnType<typeof startS3Service>>;
  let own: string;
  let other: string;

  beforeAll(async () => {
    [sandbox, bucket] = await Promise.all([TestSandbox.start(), startS3Service(ACCOUNT)]);
    const roles = { api: 'api', one: 'worker' } as const;
    cluster = await TestCluster.start(sandbox, name, roles, {
      S3_ENDPOINT: bucket.endpoint,
      S3_BUCKET: 'files',
      S3_REGION: ACCOUNT.region,
      S3_ACCESS_KEY_ID: ACCOUNT.accessKeyId,
      S3_SECRET_ACCESS_KEY: ACCOUNT.secretAccessKey,
    });
    [own, other] = [await sandbox.phone('Own'), await sandbox.phone('Other')];
    await cluster.api('api').linked(sandbox, 'main', own);
  }, 120_000);
  afterAll(async () => {
    await cluster?.stop();
    await sandbox?.stop();
    await bucket?.stop();
  });

  it('what a worker has received every process serves, also when that worker is gone', async () => {
    const file = randomBytes(60_000);
    const facts = {
      kind: 'document',
      mimetype: 'application/x-crate',
      filename: 'a.crate',
    } as const;
    const id = await sendFile(sandbox, other, own, file, facts);
    await eventually('it is served', async () => {
      const { status, bytes } = await fileOf(cluster.api('api'), 'main', id);
      return (status === 200 && bytes.equals(file)) || undefined;
    });
    expect(bucket.objects.size).toBe(1);
    await cluster.kill('one');
    const part = await fileOf(cluster.api('api'), 'main', id, { range: 'bytes=100-199' });
    expect([part.status, part.bytes.equals(file.subarray(100, 200))]).toEqual([206, true]);
    await cluster.add('two', 'worker');
    const again = await fileOf(cluster.api('two'), 'main', id);
    expect(again.bytes.equals(file)).toBe(true);
  });

  it('what one process has taken another one sends', async () => {
    const file = randomBytes(50_000);
    const form = new FormData();
    form.set('chatId', other);
    form.set('file', new File([file], 'b.crate', { type: 'application/x-crate' }));
    const answer = await fetch(`${cluster.api('api').url}/api/sessions/main/send/media`, {
      method: 'POST',
      headers: { 'x-api-key': API_KEY },
      body: form,
    });
    expect(answer.status).toBe(202);
    const { messageId } = (await answer.json()) as { messageId: string };
    const shown = await fileOnPhone(sandbox, other, messageId, 45_000);
    expect(shown.file.equals(file)).toBe(true);
  });
});
