/** Files of messages. */
export interface MediaTables {
  /** Owner: media. The file of a message, by the message. */
  media: {
    session_id: string;
    message_id: string;
    /** absent: may be fetched; fetching: a job; stored: `hash` is there; failed: see `reason`. */
    state: 'absent' | 'fetching' | 'stored' | 'failed';
    reason: string | null;
    /** SHA-256 of the content, hexadecimal: its name in the MediaStore. */
    hash: string | null;
    /** A small JPEG. */
    thumbnail: Uint8Array | null;
    created_at: number;
  };

  /** Owner: media. Every content of the MediaStore; `kept_at` is when somebody last put it there. */
  media_contents: { hash: string; size: number; kept_at: number };
}
