/** The processes that work on one database. On SQLite there is one, and these tables are empty. */
export interface ClusterTables {
  /**
   * A process that takes part, from its joining until it leaves or is given up: a row that has
   * expired is never renewed, and an id never used again. All times by the database's clock.
   * Owner: cluster.
   */
  workers: {
    id: string;
    role: 'all' | 'api' | 'worker';
    /** Where other processes reach it: `http://host:port`. */
    address: string | null;
    /** `application_name` of its connections, by which they are ended with it. */
    connections: string;
    started_at: number;
    seen_at: number;
    /** Whatever the worker holds, it holds until then. */
    expires_at: number;
    /** Takes nothing more. */
    draining: number;
    /** Sessions that it owns. */
    sessions: number;
    /** Bytes. */
    rss: number;
    /** Longest delays of its event loop (ms, 99 of 100 are shorter). */
    loop_delay: number;
  };

  /** What one process of all does; held as long as its worker is there. Owner: cluster. */
  leases: {
    name: string;
    /** null: free, as when the worker is gone. */
    worker_id: string | null;
    /** Grows each time it is taken. */
    token: number;
  };
}
