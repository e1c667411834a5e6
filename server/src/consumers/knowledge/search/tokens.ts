import { createHash } from 'node:crypto';
import type { KnowledgeDocument, KnowledgeQuery } from './knowledge-index.js';
import { tagKey } from './wanted.js';

/** What a search is narrowed by: owner, session, group, person, tag. */
type Kind = 'o' | 's' | 'g' | 'p' | 't';

/** A word for the index that no text has: of one length, whatever it stands for. */
function token(kind: Kind, value: string): string {
  return kind + createHash('sha256').update(value).digest('hex').slice(0, 16);
}

/** All that a document is narrowed by. */
export function tokensOf(document: KnowledgeDocument): string[] {
  const { ownerId, sessionIds, groupId, senderJid, tags } = document;
  return [
    token('o', ownerId),
    ...sessionIds.map((id) => token('s', id)),
    token('g', groupId),
    ...(senderJid ? [token('p', senderJid)] : []),
    ...tags.map((tag) => token('t', tagKey(tag))),
  ];
}

/** Of each inner list one must be there; undefined: the caller may see nothing. */
export function tokensWanted(query: KnowledgeQuery, tags: string[]): string[][] | undefined {
  const { scope, groupId, tag, senders } = query;
  if (scope.length === 0) return undefined;
  const reach = scope.every(({ ownerId }) => ownerId !== undefined)
    ? [
        scope.map(({ ownerId, sessionId }) =>
          sessionId === undefined ? token('o', ownerId ?? '') : token('s', sessionId),
        ),
      ]
    : [];
  return [
    ...reach,
    ...(groupId === undefined ? [] : [[token('g', groupId)]]),
    ...(tag === undefined ? [] : [[token('t', tag)]]),
    ...(senders === undefined ? [] : [senders.map((jid) => token('p', jid))]),
    ...tags.map((each) => [token('t', each)]),
  ];
}
