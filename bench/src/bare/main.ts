import path from 'node:path';
import { announceReady, answer } from '../requests.js';
import type { BareSession, Target } from './bare-session.js';

/** `hardened` is the yardstick; `plain` is the npm package as it comes, prekeys in memory. */
export type Variant = 'hardened' | 'plain';

export interface BareSetup {
  target: Target;
  /** Folder of the credentials. */
  folder: string;
  /** Base of the sandbox's control API. */
  controlUrl: string;
}

/** A linked number and whom it writes to. */
export interface Partner {
  phone: string;
  to: string;
}

const variant = process.argv[2] as Variant;
const setup = JSON.parse(process.argv[3] ?? '{}') as BareSetup;

// What hardens must be there before Baileys is; plain Baileys must never see it.
if (variant === 'hardened') await import('@patchbay/hardening');
const { BareSession: Session } = await import('./bare-session.js');

const sessions = new Map<string, BareSession>();

function sessionOf(phone: string): BareSession {
  let session = sessions.get(phone);
  if (!session) {
    const file = path.join(setup.folder, `${phone}.json`);
    session = new Session(setup.target, file, variant === 'plain');
    sessions.set(phone, session);
  }
  return session;
}

async function scan(phone: string, qr: string): Promise<void> {
  const response = await fetch(`${setup.controlUrl}/api/phones/${phone}/scan`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ qr }),
  });
  if (!response.ok) throw new Error(`the scan was refused: ${await response.text()}`);
}

answer({
  /** Links a number; its first QR is scanned. */
  link: (phone: string) =>
    new Promise<void>((resolve, reject) => {
      let scanned = false;
      const onQr = (qr: string) => {
        if (scanned) return;
        scanned = true;
        scan(phone, qr).catch(reject);
      };
      sessionOf(phone).open(onQr).then(resolve, reject);
    }),
  /** Opens linked numbers all at once. Resolves with the milliseconds until the last is open. */
  open: async (phones: string[]) => {
    const started = performance.now();
    await Promise.all(phones.map((phone) => sessionOf(phone).open()));
    return performance.now() - started;
  },
  say: ({ phone, to, text }: { phone: string; to: string; text: string }) =>
    sessionOf(phone).sendText(to, text),
  /** Each number sends so many texts to its partner, all numbers at once. */
  sayAll: async ({ partners, messages }: { partners: Partner[]; messages: number }) => {
    const texts = Array.from({ length: messages }, (_, index) => `message ${index} of a load`);
    await Promise.all(partners.map(({ phone, to }) => sessionOf(phone).sendAll(to, texts)));
  },
  /** Closes all and writes the credentials down. */
  close: async () => {
    for (const session of sessions.values()) await session.close();
    sessions.clear();
  },
});
process.on('disconnect', () => process.exit(1));
process.on('SIGTERM', () => process.exit(0));
announceReady();
