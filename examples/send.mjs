// Sends a text and waits until the recipient's phone has it.
//
//   PATCHBAY_URL=http://127.0.0.1:3000 PATCHBAY_API_KEY=... node examples/send.mjs main 51999888777 "Hello"
import { createClient } from '@patchbay/client';

const [session, phone, text] = process.argv.slice(2);
if (!session || !phone || !text) {
  console.error('Usage: node examples/send.mjs <session> <phone> <text>');
  process.exit(1);
}

const patchbay = createClient({
  url: process.env.PATCHBAY_URL ?? 'http://127.0.0.1:3000',
  apiKey: process.env.PATCHBAY_API_KEY,
});

const answer = await patchbay.send.text(
  session,
  { chatId: phone, text },
  { wait: 'delivered', timeout: 30 },
  // Running this again after a crash does not send the message again.
  { idempotencyKey: `send-example-${session}-${phone}-${text}`.slice(0, 200).replace(/\s/g, '-') },
);
console.log(`${answer.messageId} ${answer.status}`);
