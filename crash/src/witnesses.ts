import type { Cast } from './lanes.js';
import type { Truths } from './truths.js';

/** A message as one witness shows it. */
export interface Shown {
  id: string;
  chat: string;
  text: string;
  undecryptable: boolean;
}

export interface Witness {
  who: string;
  where: string;
  /** Whose messages it must have. */
  phone: string;
  shown: Shown[];
}

/** Everyone who has messages: phones, and of our sessions the pages, the database and the log. */
export function witnessesOf(cast: Cast, { phones, sessions, stored }: Truths): Witness[] {
  const witnesses: Witness[] = [];
  for (const [phone, messages] of phones) {
    const shown = messages.map((message) => ({ ...message, undecryptable: false }));
    witnesses.push({ who: phone, where: 'phone', phone, shown });
  }
  for (const [phone, id] of cast.sessions) {
    const pages = (sessions.get(id) ?? []).filter(isMessage);
    witnesses.push({ who: id, where: 'pages', phone, shown: pages.map(ofPage) });
    const rows = stored.messages.filter((row) => row.session_id === id && isMessage(row));
    witnesses.push({ who: id, where: 'database', phone, shown: rows.map(ofRow) });
    const events = stored.events.filter(
      (event) => event.session_id === id && event.name === 'session.message',
    );
    const told = events.map(({ data }) => JSON.parse(data).message).filter(isMessage);
    witnesses.push({ who: id, where: 'log', phone, shown: told.map(ofPage) });
  }
  return witnesses;
}

/** Of a notice, as that a group was made, nobody is the author. */
const isMessage = ({ type }: { type?: string }) => type !== 'system';

const ofPage = (message: {
  id: string;
  chatId: string;
  content: string;
  type?: string;
}): Shown => ({
  id: message.id,
  chat: message.chatId,
  text: message.content,
  undecryptable: message.type === 'undecryptable',
});
const ofRow = (row: { id: string; chat_id: string; text: string; type: string }): Shown => ({
  id: row.id,
  chat: row.chat_id,
  text: row.text,
  undecryptable: row.type === 'undecryptable',
});
