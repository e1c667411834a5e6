import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { proto } from 'baileys/WAProto/index.js';
import { sealMedia } from '../media/cipher.js';
import { ensureSessions, type TargetDevice, targetDevice } from './device-lookup.js';
import { sendPeer } from './first-sync.js';
import type { PhoneContext } from './phone-context.js';

const compress = promisify(deflate);

/** Invented chats have these numbers; nobody has them in the sandbox. */
const FIRST_NUMBER = 88_800_000_000;
const TEXTS = ['Good morning', 'Is it still there?', 'Thank you, see you on Monday then.', 'Yes'];

export interface OldHistory {
  messages: number;
  chats: number;
  /** Messages of one download. */
  portion: number;
}

/**
 * Hands years of invented chats over to each linked device: portions on the media host and a notice of
 * each, with the progress in percent, as a phone does after the chats of the last days.
 * @returns the number of portions for each device
 */
export async function sendOldHistory(context: PhoneContext, old: OldHistory): Promise<number> {
  const account = context.account();
  const companions = context.server.devices(account.phone);
  const targets = companions.map(({ device }) => targetDevice(account, device));
  const devices = await ensureSessions(context, targets, false);
  const portions = Math.ceil(old.messages / old.portion);
  for (let portion = 0; portion < portions; portion++) {
    const from = portion * old.portion;
    const until = Math.min(from + old.portion, old.messages);
    const progress = Math.round((100 * (portion + 1)) / portions);
    const about = { chunkOrder: portion + 2, progress };
    const file = await compress(encodePortion(old, from, until, about));
    for (const device of devices) await sendNotice(context, device, file, about);
  }
  return portions;
}

interface Portion {
  chunkOrder: number;
  progress: number;
}

async function sendNotice(
  context: PhoneContext,
  device: TargetDevice,
  file: Buffer,
  portion: Portion,
): Promise<void> {
  const { blob, ...sealed } = sealMedia(file, 'history');
  const { blobs } = context.server;
  const directPath = blobs.put(sealed.fileEncSha256.toString('base64url'), blob);
  await sendPeer(context, device, {
    type: proto.Message.ProtocolMessage.Type.HISTORY_SYNC_NOTIFICATION,
    historySyncNotification: {
      ...sealed,
      ...portion,
      fileLength: file.length,
      directPath,
      syncType: proto.HistorySync.HistorySyncType.RECENT,
    },
  });
}

function encodePortion(old: OldHistory, from: number, until: number, about: Portion): Uint8Array {
  const conversations = new Map<number, proto.IHistorySyncMsg[]>();
  // Newest first, over all portions.
  for (let n = from; n < until; n++) {
    const chat = n % old.chats;
    const messages = conversations.get(chat) ?? [];
    messages.push({ msgOrderId: old.messages - n, message: invented(chat, n) });
    conversations.set(chat, messages);
  }
  return proto.HistorySync.encode({
    ...about,
    syncType: proto.HistorySync.HistorySyncType.RECENT,
    conversations: [...conversations].map(([chat, messages]) => ({
      id: jidOf(chat),
      name: `Old chat ${chat}`,
      messages,
    })),
  }).finish();
}

function invented(chat: number, n: number): proto.IWebMessageInfo {
  return {
    key: { remoteJid: jidOf(chat), fromMe: n % 3 === 0, id: `OLD${String(n).padStart(12, '0')}` },
    message: { conversation: `${TEXTS[n % TEXTS.length]} (${n})` },
    // A minute apart, before the sandbox's time.
    messageTimestamp: 1_700_000_000 - n * 60,
    status: 4,
  };
}

function jidOf(chat: number): string {
  return `${FIRST_NUMBER + chat}@s.whatsapp.net`;
}
