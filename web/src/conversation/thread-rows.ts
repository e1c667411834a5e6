import type { Message, Note } from '@patchbay/contract';

/** Messages of one author closer than this stand together. */
const GROUP_MS = 2 * 60_000;

export type ThreadRow =
  | { kind: 'edge'; key: 'top' | 'bottom' }
  | { kind: 'day'; key: string; at: Date }
  | { kind: 'unread'; key: string }
  | { kind: 'chat'; key: string; chatId: string }
  | { kind: 'note'; key: string; note: Note }
  | { kind: 'message'; key: string; message: Message; grouped: boolean };

interface RowOptions {
  /** Several chats: a heading stands where the chat changes. */
  mixed: boolean;
  /** The id of the first message that nobody has read. */
  unreadFrom?: string | undefined;
  /** What the team wrote between the messages, oldest first. */
  notes?: Note[];
}

/**
 * What a thread shows from top to bottom: messages, a line where a day begins and one where the
 * unread ones do.
 * @param messages oldest first
 */
export function threadRows(messages: Message[], options: RowOptions): ThreadRow[] {
  const { mixed, unreadFrom, notes = [] } = options;
  const rows: ThreadRow[] = [];
  let previous: Message | undefined;
  let day = '';
  let noted = 0;
  const addNotes = (until: number) => {
    for (let note = notes[noted]; note && Date.parse(note.timestamp) < until; note = notes[noted]) {
      rows.push({ kind: 'note', key: `note ${note.id}`, note });
      noted++;
      previous = undefined;
    }
  };
  for (const message of messages) {
    const at = new Date(message.timestamp);
    const key = rowKey(message);
    addNotes(at.getTime());
    const itsDay = at.toDateString();
    const newDay = itsDay !== day;
    const newChat = mixed && (newDay || message.chatId !== previous?.chatId);
    const unread = message.id === unreadFrom;
    if (newDay) rows.push({ kind: 'day', key: `day ${key}`, at });
    if (unread) rows.push({ kind: 'unread', key: 'unread' });
    if (newChat) rows.push({ kind: 'chat', key: `chat ${key}`, chatId: message.chatId });
    const apart = newDay || newChat || unread;
    const grouped = !apart && !!previous && belongsTo(previous, message);
    rows.push(messageRow(message, key, grouped));
    previous = message;
    day = itsDay;
  }
  addNotes(Number.POSITIVE_INFINITY);
  return rows;
}

type MessageRow = Extract<ThreadRow, { kind: 'message' }>;
const drawn = new WeakMap<Message, MessageRow>();

/** The row that a message had before, if it is to look the same: then it is not drawn again. */
function messageRow(message: Message, key: string, grouped: boolean): MessageRow {
  const before = drawn.get(message);
  if (before?.grouped === grouped) return before;
  const row: MessageRow = { kind: 'message', key, message, grouped };
  drawn.set(message, row);
  return row;
}

export function rowKey({ chatId, id }: Pick<Message, 'chatId' | 'id'>): string {
  return `${chatId}/${id}`;
}

/**
 * Where the unread messages begin.
 * @param messages oldest first
 * @param count of those that were received and are not read
 */
export function firstUnread(messages: Message[], count: number): string | undefined {
  let left = count;
  let first: string | undefined;
  for (let index = messages.length - 1; index >= 0 && left > 0; index--) {
    const message = messages[index];
    if (!message || message.fromMe || message.type === 'system') continue;
    first = message.id;
    left--;
  }
  return first;
}

function belongsTo(previous: Message, message: Message): boolean {
  return (
    previous.chatId === message.chatId &&
    previous.type !== 'system' &&
    previous.fromMe === message.fromMe &&
    previous.senderJid === message.senderJid &&
    previous.senderName === message.senderName &&
    Date.parse(message.timestamp) - Date.parse(previous.timestamp) < GROUP_MS
  );
}
