import type { Database } from '../../db/database.js';
import type { WriteStep } from '../../db/write-unit.js';
import { isLidJid } from '../../whatsapp/jid.js';
import type { Person } from './admins.js';

/** One person's reaction to one message. */
interface Reacted {
  ownerId: string;
  groupId: string;
  messageId: string;
  person: Person;
  /** Milliseconds since the epoch. */
  at: number;
}

/** White medium star, with or without the mark that asks for its picture; the glowing one too. */
const STAR = /^(?:\u2b50|\u{1f31f})\ufe0f?$/u;

export function isStar(emoji: string): boolean {
  return STAR.test(emoji);
}

/**
 * Stars of admins: the last word of each person on each message. Two accounts in one group hear the
 * same twice, perhaps much later, so what is older than what is known changes nothing.
 */
export class Stars {
  constructor(private readonly database: Database) {}

  given(about: Reacted): WriteStep {
    const row = { ...keyOf(about), starred: 1, at: about.at };
    const query = this.database.kysely
      .insertInto('knowledge_stars')
      .values(row)
      .onConflict((c) =>
        c
          .columns(['owner_id', 'group_jid', 'message_id', 'person'])
          .doUpdateSet({ starred: 1, at: about.at })
          .where('knowledge_stars.at', '<=', about.at),
      );
    return { query };
  }

  /** The star was taken back, or another reaction took its place. That there was one stays noted. */
  taken(about: Reacted): WriteStep {
    const key = keyOf(about);
    const query = this.database.kysely
      .updateTable('knowledge_stars')
      .set({ starred: 0, at: about.at })
      .where('owner_id', '=', key.owner_id)
      .where('group_jid', '=', key.group_jid)
      .where('message_id', '=', key.message_id)
      .where('person', '=', key.person)
      .where('at', '<=', about.at);
    return { query };
  }
}

/** Under the phone number where it is known, so that one person under two names is one. */
function keyOf({ ownerId, groupId, messageId, person }: Reacted) {
  const { jid, altJid } = person;
  const name = jid !== null && !isLidJid(jid) ? jid : (altJid ?? jid ?? '');
  return { owner_id: ownerId, group_jid: groupId, message_id: messageId, person: name };
}
