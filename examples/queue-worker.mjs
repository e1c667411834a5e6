// Answers every text with the same text, through the queues of a Patchbay that has Redis. A message
// counts as worked off when its answer is in Patchbay's outbox; killed before, it comes again, and its
// answer has the same id, so it is sent once.
//
//   npm install bullmq ioredis
//   REDIS_URL=redis://127.0.0.1:6379 node examples/queue-worker.mjs
import { Queue, QueueEvents, Worker } from 'bullmq';

const url = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379';
const connection = { url, maxRetriesPerRequest: null };
const outgoing = new Queue('whatsapp-qr-send', { connection });
const taken = new QueueEvents('whatsapp-qr-send', { connection });
/** An answer that nobody has taken after so long (ms) may be lost: the message is worked on again. */
const PATIENCE = 15_000;

const worker = new Worker(
  'incoming-messages',
  async ({ data }) => {
    if (data.type !== 'text' || data.isGroup) return;
    const answer = await outgoing.add(
      'answer',
      { sessionId: data.sessionId, chatId: data.chatId, text: `You said: ${data.content}` },
      { jobId: `answer-${data.eventId}`, removeOnComplete: { age: 3600 } },
    );
    await answer.waitUntilFinished(taken, PATIENCE);
    console.log(`answered ${data.messageId}`);
  },
  { connection, concurrency: 10 },
);

let away = false;
for (const part of [outgoing, taken, worker]) {
  part.on('error', (error) => {
    if (!away) console.error(`Redis: ${error.message}`);
    away = true;
  });
}
worker.on('ready', () => console.log('waiting for messages'));
worker.on('failed', (job, error) => console.error(`${job?.id}: ${error.message}`));
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    await worker.close();
    process.exit(0);
  });
}
