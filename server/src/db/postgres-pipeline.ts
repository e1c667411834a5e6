import pg from 'pg';

/** One statement of a pipeline, its values as PostgreSQL takes them (`wireValue`). */
export interface PipelineStatement {
  /** Parsed once for each connection where it has one; a name stands for one text for good. */
  name?: string | undefined;
  text: string;
  values: readonly WireValue[];
}

interface PipelineOutcome {
  /** Rows that each statement touched, of those that ran, in their order. */
  counts: number[];
  /** What the first statement that failed was answered with; nothing after it ran. */
  error?: pg.DatabaseError;
}

type WireValue = Buffer | string | null;

const { utils } = pg as unknown as { utils: { prepareValue(value: unknown): WireValue } };

/** A value as every query of `pg` would send it. Throws for what cannot be sent (JSON in circles). */
export const wireValue: (value: unknown) => WireValue = utils.prepareValue;

const parsedOn = new WeakMap<pg.Connection, Set<string>>();

/**
 * Sends all statements at once and waits once: PostgreSQL's extended protocol with one Sync at the end,
 * which makes the server skip everything behind a statement that fails. Rejects when the connection
 * is lost; the transaction that the statements opened or failed in is the caller's.
 */
export function runPipeline(
  client: pg.ClientBase,
  statements: readonly PipelineStatement[],
): Promise<PipelineOutcome> {
  return new Promise((resolve, reject) => {
    client.query(new Pipeline(statements, resolve, reject));
  });
}

/** What `pg` calls while it runs; the same extension point that its cursors use. */
class Pipeline implements pg.Submittable {
  private readonly counts: number[] = [];
  private readonly named: string[] = [];
  private parsed = new Set<string>();

  constructor(
    private readonly statements: readonly PipelineStatement[],
    private readonly resolve: (outcome: PipelineOutcome) => void,
    private readonly reject: (error: Error) => void,
  ) {}

  submit(connection: pg.Connection): void {
    this.parsed = parsedOn.get(connection) ?? this.parsed;
    parsedOn.set(connection, this.parsed);
    connection.stream.cork();
    for (const statement of this.statements) this.send(connection, statement);
    connection.sync();
    connection.stream.uncork();
  }

  private send(connection: pg.Connection, { name = '', text, values }: PipelineStatement): void {
    if (!name) {
      connection.parse({ name, text, types: [] }, true);
    } else if (!this.parsed.has(name)) {
      // A pipeline that failed may have left the name behind or not; closing what is not there is fine.
      connection.close({ type: 'S', name }, true);
      connection.parse({ name, text, types: [] }, true);
      this.parsed.add(name);
      this.named.push(name);
    }
    connection.bind({ statement: name, values: values as WireValue[] }, true);
    connection.execute(null, true);
  }

  handleRowDescription(): void {}

  handleDataRow(): void {}

  /** The text is `INSERT 0 1`, `UPDATE 3`, or a word alone for what touches no rows. */
  handleCommandComplete({ text }: { text: string }): void {
    this.counts.push(Number(text.slice(text.lastIndexOf(' ') + 1)) || 0);
  }

  handleReadyForQuery(): void {
    this.resolve({ counts: this.counts });
  }

  handleError(error: Error): void {
    for (const name of this.named) this.parsed.delete(name);
    const endsConnection = !(error instanceof pg.DatabaseError) || error.severity !== 'ERROR';
    if (endsConnection) this.reject(error);
    else this.resolve({ counts: this.counts, error });
  }
}
