import type { KnowledgeHits, KnowledgeItem, KnowledgeTags } from '@patchbay/contract';
import { chatJidOf } from '../../../chats/chat-address.js';
import { snippetAround } from '../../../chats/search/snippet.js';
import type { Database } from '../../../db/database.js';
import type { Scope } from '../../../event-log/event-log.js';
import { inScope } from '../../../event-log/in-scope.js';
import { isLidJid, phoneOf } from '../../../whatsapp/jid.js';
import { foldedWords } from './fold.js';
import type { KnowledgeIndex, MessageKey } from './knowledge-index.js';
import { Matcher } from './matching.js';
import { tagKey, wantedOf } from './wanted.js';

/** What a client asks for. */
export interface KnowledgeAsked {
  q?: string | undefined;
  group?: string | undefined;
  tag?: string | undefined;
  sender?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  limit: number;
  after?: string | undefined;
}

const MOST_TAGS = 200;

/** Approved messages as people look for them. */
export class KnowledgeSearch {
  constructor(
    private readonly database: Database,
    private readonly index: KnowledgeIndex,
  ) {}

  /** @throws ApiError `invalid_chat` for a sender, `invalid_request` for a cursor */
  async search(scope: readonly Scope[], asked: KnowledgeAsked): Promise<KnowledgeHits> {
    const { q = '', group, tag, sender, from, to, limit, after } = asked;
    const found = await this.index.search({
      q,
      scope,
      limit,
      after,
      groupId: group,
      tag: tag === undefined ? undefined : tagKey(tag.replace(/^#/, '')),
      senders: sender === undefined ? undefined : await this.names(chatJidOf(sender)),
      from: from === undefined ? undefined : Date.parse(from),
      to: to === undefined ? undefined : Date.parse(to),
    });
    const items = await this.items(scope, found.keys);
    const { phrases, tags } = wantedOf(q);
    const asWords = tags.map((each) => ({
      words: foldedWords(each).map(({ word }) => word),
      beginning: false,
    }));
    const matcher = new Matcher([...phrases, ...asWords]);
    return {
      results: items.map((item) => ({
        item,
        snippet: snippetAround(item.text, matcher.match(foldedWords(item.text)).places),
      })),
      after: found.after,
      degraded: found.degraded ?? false,
    };
  }

  /** The tags of approved messages that a caller may see, the most used first. */
  async tags(scope: readonly Scope[]): Promise<KnowledgeTags> {
    const isAll = scope.some(({ ownerId }) => ownerId === undefined);
    const visible = this.database.kysely
      .selectFrom('knowledge_documents as d')
      .innerJoin('knowledge_sightings as s', (join) =>
        join
          .onRef('s.owner_id', '=', 'd.owner_id')
          .onRef('s.group_jid', '=', 'd.group_jid')
          .onRef('s.message_id', '=', 'd.message_id'),
      )
      .select('d.place')
      .where(inScope(scope, 's.owner_id', 's.session_id'));
    const rows = await this.database.kysely
      .selectFrom('knowledge_tags as t')
      .select('t.tag')
      .select((e) => e.fn.countAll<number>().as('count'))
      .$if(!isAll, (all) => all.where('t.place', 'in', visible))
      .groupBy('t.tag')
      .orderBy('count', 'desc')
      .orderBy('t.tag')
      .limit(MOST_TAGS)
      .execute();
    return { tags: rows.map(({ tag, count }) => ({ tag, count: Number(count) })) };
  }

  /** Both names of a person, as any account knows them. */
  private async names(jid: string): Promise<string[]> {
    const rows = await this.database.kysely
      .selectFrom('lid_mappings')
      .select(['lid', 'pn'])
      .where(isLidJid(jid) ? 'lid' : 'pn', '=', jid)
      .execute();
    return [...new Set([jid, ...rows.flatMap(({ lid, pn }) => [lid, pn])])];
  }

  /** The messages in the order of their keys, each in an account that the caller may see. */
  private async items(scope: readonly Scope[], keys: MessageKey[]): Promise<KnowledgeItem[]> {
    if (keys.length === 0) return [];
    const rows = await this.database.kysely
      .selectFrom('knowledge_messages as m')
      .innerJoin('knowledge_sightings as s', (join) =>
        join
          .onRef('s.owner_id', '=', 'm.owner_id')
          .onRef('s.group_jid', '=', 'm.group_jid')
          .onRef('s.message_id', '=', 'm.message_id'),
      )
      .leftJoin('groups as g', (join) =>
        join.onRef('g.session_id', '=', 's.session_id').onRef('g.jid', '=', 'm.group_jid'),
      )
      .leftJoin('contacts as c', (join) =>
        join.onRef('c.session_id', '=', 's.session_id').onRef('c.jid', '=', 'm.sender_jid'),
      )
      .leftJoin('lid_mappings as l', (join) =>
        join.onRef('l.session_id', '=', 's.session_id').onRef('l.lid', '=', 'm.sender_jid'),
      )
      .selectAll('m')
      .select(['s.session_id as seen_by', 'g.subject', 'c.name', 'c.push_name', 'l.pn'])
      .where('m.message_id', 'in', [...new Set(keys.map(({ messageId }) => messageId))])
      .where('m.approved_at', 'is not', null)
      .where(inScope(scope, 's.owner_id', 's.session_id'))
      .orderBy('s.session_id')
      .execute();
    return keys.flatMap(({ ownerId, groupId, messageId }) => {
      const row = rows.find(
        (one) =>
          one.message_id === messageId && one.group_jid === groupId && one.owner_id === ownerId,
      );
      if (!row) return [];
      const jid = row.pn ?? row.sender_jid;
      return [
        {
          messageId,
          groupId,
          groupSubject: row.subject,
          sessionId: row.seen_by,
          senderJid: row.sender_jid,
          senderPhone: jid ? (phoneOf(jid) ?? null) : null,
          senderName: row.name ?? row.push_name,
          type: row.type,
          text: row.text,
          tags: JSON.parse(row.tags) as string[],
          timestamp: new Date(row.at).toISOString(),
          approvedAt: new Date(row.approved_at ?? row.at).toISOString(),
        },
      ];
    });
  }
}
