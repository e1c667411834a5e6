import pg from 'pg';

/**
 * Has the database itself note who owned which session, how long each worker was there, and every row
 * of a session that somebody writes who does not own it. A transaction that the database refuses
 * takes its notes with it. Times are the database's clock, in ms since 1970.
 */
const NOTES = `
  create schema judge;
  create table judge.owners (
    number bigserial, at double precision, session_id text, worker_id text
  );
  create table judge.workers (id text primary key, connections text, until double precision);
  create table judge.strangers (
    at double precision, about text, session_id text, writer text, owner text, late double precision
  );
  create function judge.now() returns double precision language sql volatile as
    $$ select extract(epoch from clock_timestamp()) * 1000 $$;
  create function judge.owner() returns trigger language plpgsql as $$
    begin
      if tg_op = 'INSERT' or new.worker_id is distinct from old.worker_id or new.epoch != old.epoch then
        insert into judge.owners (at, session_id, worker_id)
          values (judge.now(), new.id, new.worker_id);
      end if;
      return null;
    end $$;
  create trigger judge_owner after insert or update on sessions
    for each row execute function judge.owner();
  create function judge.worker() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' then
        update judge.workers set until = least(until, judge.now()) where id = old.id;
      else
        insert into judge.workers values (new.id, new.connections, new.expires_at)
          on conflict (id) do update set until = excluded.until;
      end if;
      return null;
    end $$;
  create trigger judge_worker after insert or update or delete on workers
    for each row execute function judge.worker();
  create function judge.writer() returns trigger language plpgsql as $$
    declare
      about text := coalesce(new.session_id, old.session_id);
      writer text := current_setting('application_name');
      owner text;
      expires double precision;
    begin
      select w.connections, w.expires_at into owner, expires
        from sessions s left join workers w on w.id = s.worker_id where s.id = about;
      if owner is distinct from writer or expires < judge.now() then
        insert into judge.strangers
          values (judge.now(), tg_table_name, about, writer, owner, judge.now() - expires);
      end if;
      return null;
    end $$;
  create trigger judge_keys after insert or update or delete on session_keys
    for each row execute function judge.writer();
  create trigger judge_journal after insert or update on stanza_journal
    for each row execute function judge.writer();
  create trigger judge_taken after update on outbox
    for each row when (new.state = 'written' and old.state != 'written')
    execute function judge.writer();
  insert into judge.workers select id, connections, expires_at from workers;`;

export interface Ownership {
  /** In the order of the changes of each session. */
  owners: { at: number; session_id: string; worker_id: string | null }[];
  /** Until when each that ever was there was there. */
  workers: { id: string; until: number }[];
  /** Rows that somebody wrote; `late`: the writer owned the session, and its time was over so long (ms). */
  strangers: Stranger[];
}

export interface Stranger {
  at: number;
  /** The table. */
  about: string;
  session_id: string;
  /** `application_name` of the connections. */
  writer: string;
  owner: string | null;
  late: number | null;
}

/** @throws when the judge does not see what it must see */
export async function noteOwnership(url: string): Promise<void> {
  await ask(url, async (client) => {
    await client.query(NOTES);
    await client.query(`insert into session_keys values ('nobody', 'kind', 'id', '')`);
    const { rows } = await client.query('select * from judge.strangers');
    if (rows.length !== 1) throw new Error('the database does not see who writes');
    await client.query(`delete from session_keys where session_id = 'nobody'`);
    await client.query('delete from judge.strangers');
  });
}

export async function readOwnership(url: string): Promise<Ownership> {
  return await ask(url, async (client) => ({
    owners: (await client.query('select * from judge.owners order by number')).rows,
    workers: (await client.query('select * from judge.workers')).rows,
    strangers: (await client.query('select * from judge.strangers order by at')).rows,
  }));
}

/** How many sessions that should be up are with a worker that is there. */
export async function ownedSessions(url: string): Promise<number> {
  return await ask(url, async (client) => {
    const { rows } = await client.query<{ count: number }>(
      `select count(*)::int as count from sessions s join workers w on w.id = s.worker_id
       where s.wanted = 1 and w.expires_at > judge.now()`,
    );
    return rows[0]?.count ?? 0;
  });
}

/** Addresses of the workers that have sessions now. */
export async function busyAddresses(url: string): Promise<string[]> {
  return await ask(url, async (client) => {
    const { rows } = await client.query<{ address: string }>(
      'select distinct w.address from sessions s join workers w on w.id = s.worker_id',
    );
    return rows.map(({ address }) => address);
  });
}

async function ask<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
