import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { proto } from 'baileys/WAProto/index.js';
import { sealMedia } from '../media/cipher.js';
import { ensureSessions, type TargetDevice, targetDevice } from './device-lookup.js';
import { sendPeer } from './first-sync.js';
import { optionHash } from './kinds/secrets.js';
import type { PhoneContext } from './phone-context.js';

const compress = promisify(deflate);

const { RECENT } = proto.HistorySync.HistorySyncType;
const { StubType } = proto.WebMessageInfo;
const { MESSAGE_EDIT } = proto.Message.ProtocolMessage.Type;

/** Invented chats have these numbers; nobody has them in the sandbox. */
const FIRST_NUMBER = 88_800_000_000;
const TEXTS = ['Good morning', 'Is it still there?', 'Thank you, see you on Monday then.', 'Yes'];

export interface OldHistory {
  messages: number;
  chats: number;
  /** Messages of one download. */
  portion: number;
  /** Messages that the phone has in all; those beyond `messages` only come when they are asked for. */
  kept: number;
}

const RECORD = 'old-history';

/**
 * Hands years of invented chats over to each linked device: portions on the media host and a notice of
 * each, with the progress in percent, as a phone does after the chats of the last days.
 * @returns the number of portions for each device
 */
export async function sendOldHistory(context: PhoneContext, old: OldHistory): Promise<number> {
  context.records.setJson(RECORD, old);
  const account = context.account();
  const companions = context.server.devices(account.phone);
  const targets = companions.map(({ device }) => targetDevice(account, device));
  const devices = await ensureSessions(context, targets, false);
  const portions = Math.ceil(old.messages / old.portion);
  for (let portion = 0; portion < portions; portion++) {
    const from = portion * old.portion;
    const until = Math.min(from + old.portion, old.messages);
    const progress = Math.round((100 * (portion + 1)) / portions);
    const about = { chunkOrder: portion + 2, progress, syncType: RECENT };
    const file = await compress(encodePortion(old, from, until, about));
    for (const device of devices) await sendHistoryFile(context, device, file, about);
  }
  return portions;
}

/** The invented messages of a chat before one of them, newest first; undefined when nobody invented it. */
export function olderInvented(
  context: PhoneContext,
  chatJid: string,
  before: string,
  count: number,
): proto.IWebMessageInfo[] | undefined {
  const old = context.records.getJson<OldHistory>(RECORD);
  const chat = Number(chatJid.split('@')[0]) - FIRST_NUMBER;
  if (!old || !(chat >= 0 && chat < old.chats)) return undefined;
  const messages: proto.IWebMessageInfo[] = [];
  for (let n = chat; n < old.kept && messages.length < count; n += old.chats) {
    if (n > numberOf(before)) messages.push(invented(chat, n));
  }
  return messages;
}

/** Puts a file on the media host and tells a companion of it. */
export async function sendHistoryFile(
  context: PhoneContext,
  device: TargetDevice,
  file: Buffer,
  about: Pick<
    proto.Message.IHistorySyncNotification,
    'syncType' | 'chunkOrder' | 'progress' | 'peerDataRequestSessionId'
  >,
): Promise<void> {
  const { blob, ...sealed } = sealMedia(file, 'history');
  const { blobs } = context.server;
  const directPath = blobs.put(sealed.fileEncSha256.toString('base64url'), blob);
  await sendPeer(context, device, {
    type: proto.Message.ProtocolMessage.Type.HISTORY_SYNC_NOTIFICATION,
    historySyncNotification: { ...sealed, ...about, fileLength: file.length, directPath },
  });
}

function encodePortion(
  old: OldHistory,
  from: number,
  until: number,
  about: proto.IHistorySync,
): Uint8Array {
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
    conversations: [...conversations].map(([chat, messages]) => ({
      id: jidOf(chat),
      name: `Old chat ${chat}`,
      messages,
    })),
  }).finish();
}

const idOf = (n: number) => `OLD${String(n).padStart(12, '0')}`;
const numberOf = (id: string) => Number(id.slice(3));

/** Most say something; some were deleted, edited, or had an answer. */
function invented(chat: number, n: number): proto.IWebMessageInfo {
  const key = { remoteJid: jidOf(chat), fromMe: n % 3 === 0, id: idOf(n) };
  // A minute apart, before the sandbox's time.
  const messageTimestamp = 1_700_000_000 - n * 60;
  const said = { conversation: `${TEXTS[n % TEXTS.length]} (${n})` };
  const about = { key, messageTimestamp, status: 4, message: said };
  const answer = { ...key, fromMe: !key.fromMe, id: `ANSWER${n}` };
  const senderTimestampMs = (messageTimestamp + 30) * 1000;
  switch (n % 50) {
    case 10:
      return { ...about, reactions: [{ key: answer, text: '👍', senderTimestampMs }] };
    case 20:
      return { key, messageTimestamp, status: 4, messageStubType: StubType.REVOKE };
    case 30: {
      const protocolMessage = { key, type: MESSAGE_EDIT, editedMessage: said };
      return { ...about, message: { editedMessage: { message: { protocolMessage } } } };
    }
    case 40: {
      const options = ['yes', 'no'];
      const vote = { selectedOptions: [optionHash('yes')] };
      return {
        ...about,
        message: {
          pollCreationMessageV3: {
            name: `Poll ${n}`,
            options: options.map((optionName) => ({ optionName })),
            selectableOptionsCount: 1,
          },
        },
        pollUpdates: [{ pollUpdateMessageKey: answer, vote, senderTimestampMs }],
      };
    }
    default:
      return about;
  }
}

function jidOf(chat: number): string {
  return `${FIRST_NUMBER + chat}@s.whatsapp.net`;
}
