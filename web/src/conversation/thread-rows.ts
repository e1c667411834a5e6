import type { Message } from '@patchbay/contract';

/** Messages of one author closer than this stand together. */
const GROUP_MS = 2 * 60_000;

export type ThreadRow =
  | { kind: 'day'; key: string; at: Date }
  | { kind: 'chat'; key: string; chatId: string }
  | { kind: 'message'; key: string; message: Message; grouped: boolean };

/**
 * What a thread shows from top to bottom: messages, a line where a day begins and, when several
 * chats are mixed, a heading where the chat changes.
 * @param messages oldest first
 */
export function threadRows(messages: Message[], mixed: boolean): ThreadRow[] {
  const rows: ThreadRow[] = [];
  let previous: Message | undefined;
  for (const message of messages) {
    const at = new Date(message.timestamp);
    const key = `${message.chatId}/${message.id}`;
    const newDay = !previous || at.toDateString() !== new Date(previous.timestamp).toDateString();
    const newChat = mixed && (newDay || message.chatId !== previous?.chatId);
    if (newDay) rows.push({ kind: 'day', key: `day ${key}`, at });
    if (newChat) rows.push({ kind: 'chat', key: `chat ${key}`, chatId: message.chatId });
    const grouped = !newDay && !newChat && !!previous && belongsTo(previous, message);
    rows.push({ kind: 'message', key, message, grouped });
    previous = message;
  }
  return rows;
}

function belongsTo(previous: Message, message: Message): boolean {
  return (
    previous.chatId === message.chatId &&
    previous.fromMe === message.fromMe &&
    previous.senderJid === message.senderJid &&
    previous.senderName === message.senderName &&
    Date.parse(message.timestamp) - Date.parse(previous.timestamp) < GROUP_MS
  );
}
