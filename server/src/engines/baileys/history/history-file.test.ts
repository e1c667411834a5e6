import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { proto } from '../baileys.js';
import { historyEvents, overviewOf } from './history-events.js';
import { type HistoryConversation, readHistoryFile } from './history-file.js';

const { HistorySyncType } = proto.HistorySync;
const chatOf = (n: number) => `8880000000${n}@s.whatsapp.net`;

function message(chat: number, n: number): proto.IHistorySyncMsg {
  const key = { remoteJid: chatOf(chat), id: `${chat}-${n}`, fromMe: false };
  const text = `${n} `.repeat(n * 40);
  return { msgOrderId: n, message: { key, messageTimestamp: n, message: { conversation: text } } };
}

const HISTORY: proto.IHistorySync = {
  syncType: HistorySyncType.INITIAL_BOOTSTRAP,
  chunkOrder: 3,
  progress: 40,
  conversations: [1, 2, 3].map((chat) => ({
    id: chatOf(chat),
    name: `Chat ${chat}`,
    pinned: 1_700_000_000,
    // Without a sign ten bytes, the largest number there is.
    muteEndTime: -1,
    ephemeralExpiration: 86_400,
    messages: [300, 200, 100].map((n) => message(chat, n)),
  })),
  pushnames: [{ id: chatOf(1), pushname: 'One' }],
  phoneNumberToLidMappings: [{ pnJid: chatOf(1), lidJid: '1@lid' }],
  recentStickers: [{ url: 'https://example.org/sticker' }],
};
const encoded = proto.HistorySync.encode(proto.HistorySync.fromObject(HISTORY)).finish();

async function read(file: Uint8Array, limit?: number) {
  const chats: HistoryConversation[] = [];
  let rest: proto.HistorySync | undefined;
  for await (const part of readHistoryFile(file, limit)) {
    if ('rest' in part) rest = part.rest;
    else chats.push(part);
  }
  return { chats, rest };
}

describe('a file of the history', () => {
  it('is read chat by chat as it would be as a whole', async () => {
    const whole = proto.HistorySync.decode(encoded);
    const { chats, rest } = await read(deflateSync(encoded));
    expect(chats).toHaveLength(3);
    for (const [index, { about, messages }] of chats.entries()) {
      const { messages: theirs, ...others } = whole.conversations[index] as proto.Conversation;
      expect({ ...about }).toEqual({ ...others, messages: [] });
      expect(messages.map((each) => proto.WebMessageInfo.decode(each).toJSON())).toEqual(
        theirs.map(({ message: each }) => (each as proto.WebMessageInfo).toJSON()),
      );
    }
    const { syncType, progress, chunkOrder, pushnames, phoneNumberToLidMappings } = whole;
    expect(rest).toMatchObject({
      syncType,
      progress,
      chunkOrder,
      pushnames,
      phoneNumberToLidMappings,
    });
    expect(rest?.recentStickers).toEqual([]);
  });

  it('is read without more messages than wanted', async () => {
    const { chats } = await read(deflateSync(encoded), 1);
    expect(chats.map(({ messages }) => messages.length)).toEqual([1, 1, 1]);
  });

  it('is damaged when it ends too early, or is something else', async () => {
    const files = [
      deflateSync(encoded.subarray(0, encoded.length / 2)),
      deflateSync(encoded).subarray(0, 200),
      Buffer.from('not compressed'),
      deflateSync(Buffer.from([0x17, 0x01])),
    ];
    for (const file of files) {
      await expect(read(file)).rejects.toMatchObject({ code: 'damaged' });
    }
  });

  it('becomes events: chats with their settings first, messages oldest first', async () => {
    const file = deflateSync(encoded);
    const notice = { syncType: HistorySyncType.INITIAL_BOOTSTRAP, progress: 100 };
    const reader = {
      me: { jid: '999@s.whatsapp.net' },
      aliasOf: async () => undefined,
      stored: async () => undefined,
    };
    const events = [];
    for await (const event of historyEvents(file, await overviewOf(file), notice, reader)) {
      events.push(event);
    }
    expect(events[0]?.chats[0]).toEqual({
      jid: chatOf(1),
      name: 'Chat 1',
      settings: { pinnedAt: 1_700_000_000_000, mutedUntil: -1, disappearingSeconds: 86_400 },
    });
    const messages = events.flatMap((event) => event.messages);
    expect(messages.map(({ id }) => id)).toEqual(
      [1, 2, 3].flatMap((chat) => [`${chat}-100`, `${chat}-200`, `${chat}-300`]),
    );
    expect(events.map(({ done }) => done)).toEqual([true]);
    expect(events[0]).toMatchObject({ atLink: true, progress: 100 });
  });
});
