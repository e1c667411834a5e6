import { sql } from 'kysely';
import type { Database } from '../db/database.js';
import { prepared } from '../db/prepared.js';
import type { WriteStep } from '../db/write-unit.js';
import { ApiError } from '../http/api-error.js';
import { isGroupJid } from '../whatsapp/jid.js';
import { BoundedMap } from './bounded-map.js';
import type { ChatAddresses, ResolvedChat } from './chat-addresses.js';

interface Counted {
  session: string;
  chat: string;
  jid: string;
  altJid: string;
  id: string;
  at: number;
  unread: number;
}

interface ContactNames {
  name?: string;
  pushName?: string;
}

/** Names of contacts remembered for all sessions together; some 150 bytes each. */
const REMEMBERED = 10_000;

const textOfNames = ({ name = '', pushName = '' }: ContactNames) => `${name}\n${pushName}`;

interface NamedJid {
  session: string;
  jid: string;
  name: string | null;
  pushName: string | null;
}

/** Chats, and names of those in them; `addresses` knows which jid leads to which. */
export class ChatStore {
  private readonly counts = new Map<string, ReturnType<typeof prepared<Counted>>>();
  private readonly names = new BoundedMap<string>(REMEMBERED);
  private readonly nameJid = prepared<NamedJid>((value) =>
    this.database.kysely
      .insertInto('contacts')
      .values({
        session_id: value('session'),
        jid: value('jid'),
        name: value('name'),
        push_name: value('pushName'),
      })
      .onConflict((c) =>
        c.columns(['session_id', 'jid']).doUpdateSet({
          name: sql`coalesce(excluded.name, contacts.name)`,
          push_name: sql`coalesce(excluded.push_name, contacts.push_name)`,
        }),
      ),
  );

  constructor(
    private readonly database: Database,
    readonly addresses: ChatAddresses,
  ) {}

  /** Steps that make sure the chat and its aliases are there. */
  ensure(sessionId: string, chat: ResolvedChat, name?: string): WriteStep[] {
    const { kysely } = this.database;
    const steps: WriteStep[] = [];
    if (!chat.exists) {
      const row = {
        session_id: sessionId,
        id: chat.id,
        is_group: isGroupJid(chat.id) ? 1 : 0,
        name: name ?? null,
        unread_count: 0,
        last_message_id: null,
        last_message_at: null,
      };
      steps.push({
        query: kysely
          .insertInto('chats')
          .values(row)
          .onConflict((c) => c.columns(['session_id', 'id']).doNothing()),
      });
    }
    if (chat.newAliases.length > 0) {
      const rows = chat.newAliases.map((jid) => ({
        session_id: sessionId,
        jid,
        chat_id: chat.id,
      }));
      steps.push({
        query: kysely
          .insertInto('chat_aliases')
          .values(rows)
          .onConflict((c) => c.columns(['session_id', 'jid']).doNothing()),
      });
    }
    return steps;
  }

  /**
   * Step that counts a new message in its chat: unread ones, and the newest as last message. Asks to
   * be made again when the chat's jids lead elsewhere meanwhile.
   * @param message `inOpen`: also when the team is done with the chat, which is then to be opened first
   */
  countMessage(
    sessionId: string,
    chat: ResolvedChat,
    message: { id: string; at: number; unread: boolean; inOpen?: boolean },
  ): WriteStep {
    const { id, at, unread, inOpen = false } = message;
    const count = this.counting(chat.jids.length, inOpen);
    const [jid = '', altJid = jid] = chat.jids;
    const values = { session: sessionId, chat: chat.id, jid, altJid, id, at };
    return { query: count({ ...values, unread: unread ? 1 : 0 }), whenUnchanged: 'again' };
  }

  /** Step that asks to be made again when the chat's jids lead elsewhere meanwhile; changes nothing. */
  stillLeads(sessionId: string, chat: ResolvedChat): WriteStep {
    // A column of no index, so that nothing but the row is looked at.
    const query = this.reached(sessionId, chat).set((e) => ({ name: e.ref('name') }));
    return { query, whenUnchanged: 'again' };
  }

  private reached(sessionId: string, chat: ResolvedChat) {
    return this.leading(sessionId, chat.id, chat.jids);
  }

  private leading(sessionId: string, chatId: string, jids: string[]) {
    const { kysely } = this.database;
    const leading = kysely
      .selectFrom('chat_aliases as a')
      .select((e) => e.fn.countAll<number>().as('count'))
      .where('a.session_id', '=', sessionId)
      .where('a.jid', 'in', jids)
      .where('a.chat_id', '=', chatId);
    return kysely
      .updateTable('chats')
      .where('session_id', '=', sessionId)
      .where('id', '=', chatId)
      .where(leading, '=', jids.length);
  }

  private counting(jids: number, inOpen: boolean) {
    const kind = `${jids} ${inOpen}`;
    let counting = this.counts.get(kind);
    counting ??= prepared<Counted>((value) => {
      const names = jids === 1 ? [value('jid')] : [value('jid'), value('altJid')];
      const isNewest = sql<boolean>`(last_message_at is null or last_message_at <= ${value('at')})`;
      const leading = this.leading(value('session'), value('chat'), names);
      const counted = inOpen ? leading.where('team_status', '=', 'open') : leading;
      return counted.set((e) => ({
        unread_count: e('unread_count', '+', value('unread')),
        last_message_id: sql<string>`case when ${isNewest} then ${value('id')} else last_message_id end`,
        last_message_at: sql<number>`case when ${isNewest} then cast(${value('at')} as bigint) else last_message_at end`,
      }));
    });
    this.counts.set(kind, counting);
    return counting;
  }

  /** Step that sets a chat's own name (a group's subject, a name in the address book). */
  rename(sessionId: string, chatId: string, name: string): WriteStep {
    return {
      query: this.database.kysely
        .updateTable('chats')
        .set({ name })
        .where('session_id', '=', sessionId)
        .where('id', '=', chatId),
    };
  }

  /** Step that sets after how many seconds new messages of a chat disappear; 0: never. */
  setTimer(sessionId: string, chatId: string, seconds: number): WriteStep {
    return {
      query: this.database.kysely
        .updateTable('chats')
        .set({ disappearing_seconds: seconds })
        .where('session_id', '=', sessionId)
        .where('id', '=', chatId),
    };
  }

  /** Another process may have written meanwhile what this one remembers. */
  forgetKnown(): void {
    this.names.clear();
    this.addresses.forgetKnown();
  }

  /** Step that remembers names of a jid; an absent name leaves the known one. */
  nameContact(sessionId: string, jid: string, names: ContactNames): WriteStep {
    const { name = null, pushName = null } = names;
    return { query: this.nameJid({ session: sessionId, jid, name, pushName }) };
  }

  /** Whether these names of a jid were the last to be stored. */
  knowsNames(sessionId: string, jid: string, names: ContactNames): boolean {
    return this.names.get(`${sessionId} ${jid}`) === textOfNames(names);
  }

  /** To be told when names have been stored. */
  namesStored(sessionId: string, jid: string, names: ContactNames): void {
    this.names.set(`${sessionId} ${jid}`, textOfNames(names));
  }

  /** The chat that any of its jids leads to; throws `chat_not_found`. */
  async find(sessionId: string, jid: string): Promise<string> {
    const row = await this.database.kysely
      .selectFrom('chat_aliases')
      .select('chat_id')
      .where('session_id', '=', sessionId)
      .where('jid', '=', jid)
      .executeTakeFirst();
    if (!row) throw new ApiError('chat_not_found', `This session has no chat ${jid}`);
    return row.chat_id;
  }
}
