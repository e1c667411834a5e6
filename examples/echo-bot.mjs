// Answers every text with the same text. Stop it and start it again: it goes on where it was, and
// answers everything once.
//
//   PATCHBAY_URL=http://127.0.0.1:3000 PATCHBAY_API_KEY=... node examples/echo-bot.mjs main
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createClient } from '@patchbay/client';

const [session, cursorFile = `echo-bot-${process.argv[2]}.cursor`] = process.argv.slice(2);
if (!session) {
  console.error('Usage: node examples/echo-bot.mjs <session> [<file for the cursor>]');
  process.exit(1);
}

const patchbay = createClient({
  url: process.env.PATCHBAY_URL ?? 'http://127.0.0.1:3000',
  apiKey: process.env.PATCHBAY_API_KEY,
});
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort());

const after = existsSync(cursorFile) ? Number(readFileSync(cursorFile, 'utf8')) : undefined;
const events = patchbay.listen({
  sessionId: session,
  ...(after !== undefined && { after }),
  signal: stop.signal,
  onConnection: (state) => console.log(state),
});
for await (const event of events) {
  if (event.name === 'session.message') await answer(event.data);
  remember(event.position);
}

async function answer({ source, message }) {
  if (source === 'history' || message.fromMe || message.type !== 'text') return;
  await patchbay.send.text(
    session,
    { chatId: message.chatId, text: message.content, quotedMessageId: message.id },
    {},
    // Killed between the answer and the cursor, it asks again under the same key: one answer.
    { idempotencyKey: `echo-${message.id}` },
  );
  console.log(`answered ${message.id}`);
}

/** Whole or not at all, whatever dies when. */
function remember(position) {
  writeFileSync(`${cursorFile}.new`, String(position));
  renameSync(`${cursorFile}.new`, cursorFile);
}
