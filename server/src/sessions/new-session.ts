import type { EngineKind } from '@patchbay/contract';
import type { SessionRow } from './session-store.js';

export const NO_LINK_CODE = {
  link_code: null,
  link_code_kind: null,
  link_code_at: null,
  link_code_expires_at: null,
} satisfies Partial<SessionRow>;

/** A session that nothing has happened to yet. */
export function newRow(input: {
  id: string;
  ownerId: string;
  slot: number;
  engine: EngineKind;
  displayName?: string | undefined;
}): SessionRow {
  const now = Date.now();
  return {
    id: input.id,
    owner_id: input.ownerId,
    slot: input.slot,
    engine: input.engine,
    epoch: 1,
    worker_id: null,
    wanted: 0,
    status: 'closed',
    reason: 'created',
    action: 'restart',
    attempt: 0,
    status_since: now,
    next_attempt_at: null,
    linked: 0,
    jid: null,
    lid: null,
    label: input.displayName ?? null,
    display_name: input.displayName ?? null,
    event_sequence: 0,
    ...NO_LINK_CODE,
    last_seen_at: null,
    created_at: now,
  };
}
