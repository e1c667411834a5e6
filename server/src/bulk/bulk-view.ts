import type { BulkCounts, BulkRow, BulkSend } from '@patchbay/contract';
import type { BulkRowRow, BulkSendRow } from './bulk-store.js';

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());

/** @param endsAt when the last row is expected to leave (ms) */
export function toBulkSend(
  row: BulkSendRow,
  counts: BulkCounts,
  endsAt: number | null = null,
): BulkSend {
  return {
    id: row.id,
    sessionId: row.session_id,
    name: row.name,
    state: row.state,
    pausedBecause: row.paused_because,
    templateId: row.template_id,
    templateName: row.template_name,
    text: row.text,
    hasMedia: row.media !== null,
    total: row.total,
    counts,
    spreadOverDays: row.spread === 1,
    sendAt: iso(row.send_at),
    createdAt: new Date(row.created_at).toISOString(),
    startedAt: iso(row.started_at),
    finishedAt: iso(row.finished_at),
    endsAt: iso(endsAt),
  };
}

export function toBulkRow(row: BulkRowRow): BulkRow {
  return {
    number: row.number,
    line: row.line,
    phone: row.phone,
    text: row.text,
    state: row.state,
    reason: row.reason,
    error: row.error,
    messageId: row.message_id,
    changedAt: iso(row.changed_at),
  };
}
