import { databases } from '../testing/databases.js';
import { EmbeddedQueue } from './embedded-queue.js';
import { jobQueueContract } from './testing/job-queue-contract.js';

for (const name of databases) {
  jobQueueContract(name, {
    create: (database, logger, clock) => new EmbeddedQueue(database, logger, clock),
  });
}
