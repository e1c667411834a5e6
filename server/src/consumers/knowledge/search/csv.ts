import { Readable } from 'node:stream';
import type { KnowledgeItem } from '@patchbay/contract';
import type { Scope } from '../../../event-log/event-log.js';
import { CSV_MARK, csvLine } from '../../../http/csv-line.js';
import type { KnowledgeAsked, KnowledgeSearch } from './knowledge-search.js';

const PAGE = 100;
const COLUMNS = [
  'timestamp',
  'group',
  'groupId',
  'sender',
  'senderPhone',
  'type',
  'tags',
  'text',
  'approvedAt',
  'messageId',
];

/** All that a search finds, page after page, as it is read. UTF-8 with a mark, for spreadsheets. */
export function csvOf(
  search: KnowledgeSearch,
  scope: readonly Scope[],
  asked: Omit<KnowledgeAsked, 'limit' | 'after'>,
): Readable {
  return Readable.from(lines(search, scope, asked));
}

async function* lines(
  search: KnowledgeSearch,
  scope: readonly Scope[],
  asked: Omit<KnowledgeAsked, 'limit' | 'after'>,
): AsyncGenerator<string> {
  yield `${CSV_MARK}${COLUMNS.join(',')}\r\n`;
  let after: string | undefined;
  do {
    const page = await search.search(scope, { ...asked, limit: PAGE, after });
    for (const { item } of page.results) yield line(item);
    after = page.after ?? undefined;
  } while (after !== undefined);
}

function line(item: KnowledgeItem): string {
  const cells = [
    item.timestamp,
    item.groupSubject ?? '',
    item.groupId,
    item.senderName ?? '',
    item.senderPhone ?? '',
    item.type,
    item.tags.map((tag) => `#${tag}`).join(' '),
    item.text,
    item.approvedAt,
    item.messageId,
  ];
  return csvLine(cells);
}
