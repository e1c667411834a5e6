import type { Generated } from 'kysely';

/** Approved knowledge of groups. */
export interface KnowledgeTables {
  /**
   * Owner: consumers/knowledge. Whose star approves. What somebody set holds for the events between
   * two positions of the log, so that replaying it decides as it did then; `until` null: still.
   */
  knowledge_admins: {
    number: Generated<number>;
    jid: string;
    /** The other name of the person, LID or phone number. */
    alt_jid: string | null;
    since_position: number;
    until_position: number | null;
  };

  /** Owner: consumers/knowledge. Deleted ones stay for as long as their events are kept. */
  knowledge_routes: {
    number: Generated<number>;
    id: string;
    owner_id: string;
    /** The account that forwards. */
    session_id: string;
    source_jid: string;
    /** Jids of groups as a JSON array. */
    targets: string;
    created_at: number;
    since_position: number;
    until_position: number | null;
  };

  /** Owner: consumers/knowledge. Flagged or starred messages of groups; derived from the log. */
  knowledge_messages: {
    owner_id: string;
    group_jid: string;
    message_id: string;
    /** Of the accounts that have it, the first by id. */
    session_id: string;
    sender_jid: string | null;
    type: string;
    text: string;
    /** A JSON array. */
    tags: string;
    by_admin: number;
    at: number;
    deleted: Generated<number>;
    /** When the first of the stars that it has now was given; null: it has none. */
    approved_at: number | null;
  };

  /** Owner: consumers/knowledge. Which accounts have which of them in a thread; derived. */
  knowledge_sightings: {
    owner_id: string;
    group_jid: string;
    message_id: string;
    session_id: string;
  };

  /** Owner: consumers/knowledge. Stars of admins, also those that were taken back; derived. */
  knowledge_stars: {
    owner_id: string;
    group_jid: string;
    message_id: string;
    /** The phone number's jid where it is known. */
    person: string;
    starred: number;
    at: number;
  };

  /** Owner: consumers/knowledge. What was done to the outside: a fact, which no replay repeats. */
  knowledge_forwards: {
    number: Generated<number>;
    id: string;
    owner_id: string;
    group_jid: string;
    message_id: string;
    target_jid: string;
    route_id: string;
    session_id: string;
    /** The account in whose log the approval was. */
    source_session_id: string;
    event_position: number;
    state: 'pending' | 'accepted' | 'failed';
    sent_message_id: string | null;
    error: string | null;
    created_at: number;
  };

  /** Owner: consumers/knowledge. Approved messages as the search has them; `place` grows with time. */
  knowledge_documents: {
    place: number;
    owner_id: string;
    group_jid: string;
    message_id: string;
    /** What a search is narrowed by, as words. */
    scope: string;
    /** Words on SQLite, a tsvector of scope and words on PostgreSQL. */
    words: string;
  };

  /** Owner: consumers/knowledge. Tags of approved messages. */
  knowledge_tags: { place: number; tag: string };

  /** Owner: consumers/knowledge. Every word that was ever indexed, and its parts of three letters. */
  knowledge_words: { word: string };

  knowledge_grams: { gram: string; word: string };
}
