import { randomUUID } from 'node:crypto';
import type { PostgresPoolClient } from 'kysely';
import pg from 'pg';

/** Counts, times and positions all fit a double; pg would give bigints as text. */
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** What the cluster asks is answered within this time (ms), or the connection is given up. */
const CONTROL_WITHIN = 1500;

/** All connections of this process to PostgreSQL, under one name by which they can be ended. */
export class PostgresConnections {
  /** What the server knows them by (`application_name`). */
  readonly name = `patchbay ${randomUUID()}`;
  private readonly pools: pg.Pool[] = [];
  private readonly clients = new Set<pg.PoolClient>();

  constructor(
    private readonly url: string,
    private readonly onError: (error: Error) => void,
  ) {}

  pool(max: number, more: pg.PoolConfig = {}): pg.Pool {
    const pool = new pg.Pool({
      connectionString: this.url,
      max,
      connectionTimeoutMillis: 5000,
      application_name: this.name,
      options: '-c synchronous_commit=on',
      ...more,
    });
    // An idle connection that breaks (server restart) must not end the process.
    pool.on('error', this.onError);
    pool.on('connect', (client) => {
      // Nor must one that breaks in use, of which its queries tell.
      client.on('error', () => undefined);
      this.clients.add(client);
    });
    pool.on('remove', (client) => this.clients.delete(client));
    this.pools.push(pool);
    return pool;
  }

  /** Connections for what must wait neither behind writes nor for a server that does not answer. */
  controlPool(): { connect(): Promise<PostgresPoolClient>; end(): Promise<void> } {
    const pool = this.pool(2, {
      connectionTimeoutMillis: CONTROL_WITHIN,
      query_timeout: CONTROL_WITHIN,
    });
    const connect = async () => {
      const client = await pool.connect();
      let broken: Error | undefined;
      const query = async (text: string, values: unknown[]) => {
        try {
          return await client.query(text, values);
        } catch (error) {
          // An answer that comes late must not be taken for that of the next question.
          if (!(error instanceof pg.DatabaseError)) broken = error as Error;
          throw error;
        }
      };
      return { query: query as never, release: () => client.release(broken) };
    };
    return { connect, end: async () => undefined };
  }

  /** Ends all connections at once: what waits on them fails now, and what comes gets new ones. */
  drop(): void {
    for (const client of this.clients) {
      (client as unknown as { connection: pg.Connection }).connection.stream.destroy();
    }
  }

  async close(): Promise<void> {
    for (const pool of this.pools) if (!pool.ended) await pool.end();
  }
}
