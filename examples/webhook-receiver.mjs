// Receives events by webhook, checks their signature, and prints each once.
//
//   WEBHOOK_SECRET=... node examples/webhook-receiver.mjs 8080
import { createServer } from 'node:http';
import { readWebhook, SignatureError } from '@patchbay/client';

const [port = '8080'] = process.argv.slice(2);
const secret = process.env.WEBHOOK_SECRET;
if (!secret) {
  console.error('Usage: WEBHOOK_SECRET=... node examples/webhook-receiver.mjs [<port>]');
  process.exit(1);
}

/** Ids of what was worked off; a program that must not forget keeps them in its database. */
const seen = new Set();

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  try {
    const event = await readWebhook({
      secret,
      signature: request.headers['x-patchbay-signature'],
      body: Buffer.concat(chunks),
    });
    // The same event comes again when an earlier answer was lost.
    if (!seen.has(event.id)) console.log(`${event.id} ${event.name} ${event.sessionId}`);
    seen.add(event.id);
    response.writeHead(204).end();
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    response.writeHead(401).end(error.message);
  }
});
server.listen(Number(port), '127.0.0.1', () => {
  console.log(`waiting on http://127.0.0.1:${server.address().port}/`);
});
