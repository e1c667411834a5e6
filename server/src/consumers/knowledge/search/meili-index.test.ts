import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../../db/database.js';
import { DatabaseIndex } from './database-index.js';
import type { KnowledgeDocument } from './knowledge-index.js';
import { MeiliIndex } from './meili-index.js';
import { knowledgeIndexContract } from './testing/index-contract.js';
import { keptRow } from './testing/kept-row.js';
import { MeiliStandIn } from './testing/meili-stand-in.js';

const logger = pino({ level: 'silent' });

async function open() {
  const storageRoot = mkdtempSync(join(tmpdir(), 'patchbay-meili-'));
  const database = await Database.open({ url: undefined, storageRoot, logger });
  const meili = await MeiliStandIn.start();
  const where = { url: meili.url, key: 'a-master-key' };
  const index = new MeiliIndex(where, database, new DatabaseIndex(database), logger);
  return {
    index,
    meili,
    put: async (documents: KnowledgeDocument[]) => {
      for (const document of documents) {
        await database.write([keptRow(database, document)]);
        await index.put(document);
      }
    },
    remove: async (document: KnowledgeDocument) => {
      await index.remove(document);
    },
    stop: async () => {
      await meili.stop();
      await database.close();
      rmSync(storageRoot, { recursive: true, force: true });
    },
  };
}

knowledgeIndexContract('Meilisearch (a stand-in)', open);

describe('when Meilisearch is away', () => {
  let opened: Awaited<ReturnType<typeof open>>;
  const document: KnowledgeDocument = {
    ownerId: 'owner',
    groupId: '1@g.us',
    messageId: 'one',
    text: 'The keys are in the safe',
    tags: [],
    senderJid: null,
    sessionIds: ['s1'],
    at: Date.UTC(2026, 0, 1),
  };
  const find = (q: string, after?: string) =>
    opened.index.search({ q, scope: [{}], limit: 1, ...(after && { after }) });

  beforeAll(async () => {
    opened = await open();
    await opened.put([document, { ...document, messageId: 'two', at: document.at + 1000 }]);
  });
  afterAll(() => opened.stop());

  it('the key goes with each request', () => {
    expect(new Set(opened.meili.keys)).toEqual(new Set(['Bearer a-master-key']));
  });

  it('the database answers, and says so; what is put is tried again', async () => {
    const first = await find('keys');
    expect(first).toMatchObject({ keys: [{ messageId: 'two' }] });
    opened.meili.away = true;
    expect(await find('kyes')).toMatchObject({ degraded: true, keys: [{ messageId: 'two' }] });
    await expect(find('keys', first.after ?? '')).rejects.toMatchObject({
      code: 'search_unavailable',
    });
    const third = {
      ...document,
      at: document.at + 2000,
      messageId: 'three',
      text: 'A third thing',
    };
    await expect(opened.put([third])).rejects.toThrow();
    expect(await find('third')).toMatchObject({ degraded: true, keys: [{ messageId: 'three' }] });
    const begun = (await find('keys')).after ?? '';
    opened.meili.away = false;
    expect(await find('keys', begun)).toMatchObject({ keys: [{ messageId: 'one' }] });
    await opened.put([third]);
    expect((await find('third')).degraded).toBeUndefined();
  });
});
