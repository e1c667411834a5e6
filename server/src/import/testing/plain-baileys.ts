import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BufferJSON, makeWASocket, useMultiFileAuthState, WA_CERT_DETAILS } from 'baileys';
import { pino } from 'pino';

/**
 * A user's program with Baileys as it comes: links a phone of the sandbox, answers whoever writes, and
 * keeps its device in a folder. The keys as it was given them go into `keys-as-given` beside it.
 *
 * Arguments: the folder, the control API of the sandbox, the phone that scans.
 */
const [folder = '', controlUrl = '', phone = ''] = process.argv.slice(2);
const given: Record<string, string> = {};
let ending = false;

const { wsUrl, rootPublicKey } = (await (await fetch(`${controlUrl}/api/info`)).json()) as {
  wsUrl: string;
  rootPublicKey: string;
};
WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(rootPublicKey, 'hex');
const { state, saveCreds } = await useMultiFileAuthState(folder);
const { keys } = state;
const set = keys.set.bind(keys);
keys.set = async (data) => {
  for (const [kind, ofKind] of Object.entries(data)) {
    for (const [id, value] of Object.entries(ofKind)) {
      if (value) given[`${kind}-${id}`] = JSON.stringify(value, BufferJSON.replacer);
      else delete given[`${kind}-${id}`];
    }
  }
  await set(data);
};

function connect(): ReturnType<typeof makeWASocket> {
  const socket = makeWASocket({
    auth: state,
    waWebSocketUrl: wsUrl,
    logger: pino({ level: 'silent' }),
  });
  socket.ev.on('creds.update', saveCreds);
  socket.ev.on('connection.update', ({ qr, connection }) => {
    if (qr) void scan(qr);
    if (connection === 'open') process.stdout.write('linked\n');
    if (connection === 'close' && !ending) current = connect();
  });
  socket.ev.on('messages.upsert', async ({ messages, type }) => {
    for (const { key, message } of messages) {
      if (type !== 'notify' || key.fromMe || !message) continue;
      const text = message.conversation ?? message.extendedTextMessage?.text;
      await socket.sendMessage(key.remoteJid ?? '', { text: `echo of ${text}` });
    }
  });
  return socket;
}
let current = connect();

async function scan(qr: string): Promise<void> {
  await fetch(`${controlUrl}/api/phones/${phone}/scan`, {
    method: 'POST',
    body: JSON.stringify({ qr }),
    headers: { 'content-type': 'application/json' },
  });
}

// A test that is killed takes it along.
process.once('disconnect', () => process.exit());
process.once('SIGTERM', async () => {
  ending = true;
  await current.end(undefined);
  await saveCreds();
  writeFileSync(join(folder, 'keys-as-given'), JSON.stringify(given));
  process.exit(0);
});
