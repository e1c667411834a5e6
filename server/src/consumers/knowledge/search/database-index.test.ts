import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { Database } from '../../../db/database.js';
import { databases, emptyDatabase } from '../../../testing/databases.js';
import { DatabaseIndex } from './database-index.js';
import { knowledgeIndexContract } from './testing/index-contract.js';
import { keptRow } from './testing/kept-row.js';

for (const name of databases) {
  knowledgeIndexContract(name, async () => {
    const { url, drop } = await emptyDatabase(name);
    const storageRoot = mkdtempSync(join(tmpdir(), 'patchbay-index-'));
    const logger = pino({ level: 'silent' });
    const database = await Database.open({ url, storageRoot, logger });
    const index = new DatabaseIndex(database);
    return {
      index,
      put: async (documents) => {
        for (const document of documents) {
          await database.write([keptRow(database, document), ...(await index.put(document))]);
        }
      },
      remove: async (document) => {
        await database.write(await index.remove(document));
      },
      stop: async () => {
        await database.close();
        await drop();
        rmSync(storageRoot, { recursive: true, force: true });
      },
    };
  });
}
