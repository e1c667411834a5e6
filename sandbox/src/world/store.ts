import Database from 'libsql';

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = OFF;
  CREATE TABLE IF NOT EXISTS setting (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS account (phone TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS device (key TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS prekey
    (device TEXT, id INTEGER, value BLOB NOT NULL, PRIMARY KEY (device, id)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS chat_group (id TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS app_state
    (phone TEXT, collection TEXT, version INTEGER, patch BLOB NOT NULL,
     PRIMARY KEY (phone, collection, version)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS watch
    (phone TEXT, watcher TEXT, PRIMARY KEY (phone, watcher)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS queue
    (seq INTEGER PRIMARY KEY, device TEXT NOT NULL, author TEXT, at INTEGER NOT NULL, stanza BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS phone_state
    (phone TEXT, key TEXT, value BLOB NOT NULL, PRIMARY KEY (phone, key)) WITHOUT ROWID;
`;

export type Statement = Database.Statement<unknown[]>;

/**
 * The sandbox's disk. All writes of one turn of the event loop share a transaction, which is
 * committed before anything that depends on it leaves the process (`afterCommit`). So a killed
 * sandbox has told nobody of a thing that it forgot. (Process death only: no fsync.)
 */
export class Store {
  private readonly db: Database.Database;
  private writing = false;
  private scheduled = false;
  private effects: (() => void)[] = [];
  private closed = false;

  constructor(file: string) {
    this.db = new Database(file);
    this.db.exec(SCHEMA);
  }

  prepare(sql: string): Statement {
    return this.db.prepare(sql);
  }

  /** Runs a writing statement inside the turn's transaction. */
  write(statement: Statement, ...params: unknown[]): void {
    if (!this.writing) {
      this.db.exec('BEGIN IMMEDIATE');
      this.writing = true;
    }
    // As one array: a lone Buffer would be taken for an object of named parameters.
    statement.run(params);
    this.schedule();
  }

  /** Runs `effect` once all that was written so far is on disk, in the order of the calls. */
  afterCommit(effect: () => void): void {
    this.effects.push(effect);
    this.schedule();
  }

  get idle(): boolean {
    return !this.writing && this.effects.length === 0;
  }

  close(): void {
    if (this.closed) return;
    this.commit();
    this.closed = true;
    this.db.close();
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => this.commit());
  }

  private commit(): void {
    if (this.closed) return;
    this.scheduled = false;
    if (this.writing) {
      this.db.exec('COMMIT');
      this.writing = false;
    }
    const effects = this.effects;
    this.effects = [];
    for (const effect of effects) {
      try {
        effect();
      } catch (error) {
        // One that fails must not keep the others, which are committed, from happening.
        console.error('sandbox: after a commit:', error);
      }
    }
  }
}
