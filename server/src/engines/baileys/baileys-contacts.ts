import { request } from 'undici';
import { isSameUser, normalizeJid, pnJidOf } from '../../whatsapp/jid.js';
import type { ContactAbilities } from '../engine-abilities.js';
import { EngineError } from '../engine-error.js';
import type { Ask } from './abilities.js';
import type { WASocket } from './baileys.js';

/** A picture of WhatsApp's is some 100 kB. */
const MAX_PICTURE_BYTES = 5_000_000;

type Checked = Awaited<ReturnType<ContactAbilities['check']>>[number];
type Dispatcher = NonNullable<Parameters<typeof request>[1]>['dispatcher'];

export class BaileysContacts implements ContactAbilities {
  constructor(
    private readonly ask: Ask,
    private readonly dispatcher: Dispatcher,
  ) {}

  check(phones: string[]): Promise<Checked[]> {
    return this.ask(async ({ sock }) => {
      const found = (await sock.onWhatsApp(...phones.map(pnJidOf))) ?? [];
      const checked = phones.map(async (phone): Promise<Checked> => {
        const same = found.find(({ jid }) => isSameUser(jid, pnJidOf(phone)));
        // A number that WhatsApp knows under another one can be told apart only when asked alone.
        const moved = !same && found.some(({ jid }) => !isAsked(jid, phones));
        const [one] = same ? [same] : moved ? ((await sock.onWhatsApp(pnJidOf(phone))) ?? []) : [];
        return one?.exists
          ? { phone, exists: true, jid: normalizeJid(one.jid) }
          : { phone, exists: false };
      });
      return Promise.all(checked);
    });
  }

  async picture(jid: string, size: 'preview' | 'image') {
    const url = await this.ask(({ sock }) => pictureUrl(sock, jid, size)).catch(hiddenIsNone);
    if (!url) return undefined;
    const { statusCode, headers, body } = await request(url, {
      ...(this.dispatcher && { dispatcher: this.dispatcher }),
    });
    if (statusCode !== 200) {
      await body.dump();
      throw new EngineError('refused', `The host of the picture answered ${statusCode}`);
    }
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > MAX_PICTURE_BYTES) throw new EngineError('refused', 'The picture is too large');
      chunks.push(chunk);
    }
    const type = headers['content-type'];
    const mimetype = typeof type === 'string' && type.startsWith('image/') ? type : 'image/jpeg';
    return { id: new URL(url).pathname, mimetype, bytes: Buffer.concat(chunks) };
  }

  about(jid: string): Promise<{ text?: string; setAt?: number }> {
    return this.ask(async ({ sock }) => {
      const [found] = (await sock.fetchStatus(jid)) ?? [];
      const { status, setAt } = (found?.status ?? {}) as { status?: string | null; setAt?: Date };
      const at = setAt?.getTime();
      return { ...(status && { text: status }), ...(status && at && { setAt: at }) };
    });
  }

  setBlocked(jid: string, blocked: boolean): Promise<void> {
    return this.ask(({ sock }) => sock.updateBlockStatus(jid, blocked ? 'block' : 'unblock'));
  }

  blocked(): Promise<string[]> {
    return this.ask(async ({ sock }) =>
      (await sock.fetchBlocklist()).flatMap((jid) => (jid ? [normalizeJid(jid)] : [])),
    );
  }
}

function isAsked(jid: string, phones: string[]): boolean {
  return phones.some((phone) => isSameUser(jid, pnJidOf(phone)));
}

async function pictureUrl(sock: WASocket, jid: string, size: 'preview' | 'image') {
  return await sock.profilePictureUrl(jid, size);
}

/** Whether there is none or we may not see it, WhatsApp tells by errors. */
function hiddenIsNone(error: unknown): undefined {
  const none = error instanceof EngineError && ['not-found', 'not-allowed'].includes(error.code);
  if (!none) throw error;
}
