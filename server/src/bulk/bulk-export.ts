import { Readable } from 'node:stream';
import { CSV_MARK, csvLine } from '../http/csv-line.js';
import type { BulkRowRow, BulkStore } from './bulk-store.js';

const PAGE = 500;
const COLUMNS = ['line', 'phone', 'state', 'reason', 'error', 'messageId', 'changedAt', 'text'];

/** What became of every row, page after page, as it is read. UTF-8 with a mark, for spreadsheets. */
export function exportOf(store: BulkStore, bulkId: string): Readable {
  return Readable.from(lines(store, bulkId));
}

async function* lines(store: BulkStore, bulkId: string): AsyncGenerator<string> {
  yield `${CSV_MARK}${COLUMNS.join(',')}\r\n`;
  let after = 0;
  for (;;) {
    const rows = await store.rows(bulkId, { after, limit: PAGE });
    for (const row of rows) yield csvLine(cellsOf(row));
    after = rows.at(-1)?.number ?? after;
    if (rows.length < PAGE) return;
  }
}

function cellsOf(row: BulkRowRow): string[] {
  return [
    String(row.line),
    row.phone,
    row.state,
    row.reason ?? '',
    row.error ?? '',
    row.message_id ?? '',
    row.changed_at === null ? '' : new Date(row.changed_at).toISOString(),
    row.text ?? '',
  ];
}
