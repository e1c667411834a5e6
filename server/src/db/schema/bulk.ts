import type { BulkPause, BulkRowReason, BulkRowState, BulkState } from '@patchbay/contract';

/** The file that a template, or a bulk send made of it, is sent with. */
export interface WithMedia {
  /** MediaContent as JSON, without a caption. */
  media: string | null;
  media_hash: string | null;
  /** A small JPEG. */
  media_thumbnail: Uint8Array | null;
}

/** Templates and bulk sends. */
export interface BulkTables {
  /** Owner: bulk. */
  templates: WithMedia & {
    id: string;
    owner_id: string;
    name: string;
    /** TemplateVariable[] as JSON. */
    variables: string;
    /** TemplateVariant[] as JSON. */
    variants: string;
    created_at: number;
    updated_at: number;
  };

  /** Owner: bulk. What is sent is copied here: a template that changes, or goes, changes nothing. */
  bulk_sends: WithMedia & {
    id: string;
    /** Whose session it is. */
    owner_id: string;
    session_id: string;
    /** The number in whose name it was made, or taken up again. */
    jid: string | null;
    name: string;
    state: BulkState;
    /** Null: by somebody. */
    paused_because: BulkPause | null;
    template_id: string | null;
    template_name: string | null;
    /** With its variables. */
    text: string;
    /** How many rows. */
    total: number;
    /** Whether it may take several days. */
    spread: number;
    send_at: number | null;
    created_at: number;
    started_at: number | null;
    finished_at: number | null;
  };

  /** Owner: bulk. Messages that were made of a template one by one, written with the message. */
  template_sends: {
    session_id: string;
    message_id: string;
    template_id: string;
    /** As it was called then. */
    template_name: string;
    accepted_at: number;
  };

  /** Owner: bulk. */
  bulk_rows: {
    bulk_id: string;
    /** From 1, in the order of sending. */
    number: number;
    line: number;
    phone: string;
    /** What is sent to this number. */
    text: string | null;
    state: BulkRowState;
    reason: BulkRowReason | null;
    error: string | null;
    session_id: string;
    /** Written with the message itself: a row that has one is in the outbox, or was. */
    message_id: string | null;
    accepted_at: number | null;
    changed_at: number | null;
  };
}
