import type { Finding } from './finding.js';
import type { Ownership, Stranger } from './ownership.js';

/** A line of the sandbox' witness (sandbox/src/protocol/witness.ts). */
export interface Testimony {
  what: 'login' | 'stanza' | 'closed';
  /** `phone:index` */
  device: string;
  connection: number;
  /** Which life of which process (see `ServerProgram.label`). */
  by: string;
  at: number;
  /** It had certainly not arrived before this. */
  since: number;
  tag?: string;
  id?: string;
  reason?: string;
}

/** A transaction that was begun in time keeps the session locked; it cannot last longer than this (ms). */
const LONGEST_UNIT = 4000;

/** What the judges of double owners have heard. */
export interface Heard {
  /** Of each life of the sandbox, in order. */
  testimonies: Testimony[][];
  ownership: Ownership;
  /** Ids of the workers that each life of a process was, by its label. */
  workersOf: Map<string, string[]>;
  /** Session id by phone. */
  sessions: Map<string, string>;
}

/** Who logged in, spoke or wrote for a session that was not its own at that moment. */
export function doubleOwners(heard: Heard): Finding[] {
  const terms = termsOf(heard.ownership);
  return [
    ...heard.testimonies.flatMap((life) => [
      ...spokeAfterLoss(life, heard, terms),
      ...spokeAfterReplaced(life),
    ]),
    ...heard.ownership.strangers.filter(isDouble).map(asFinding),
  ];
}

/** How often a process was thrown out by the login of another: once for each late awakening, at most. */
export function takeovers({ testimonies }: Heard): number {
  return testimonies.flat().filter(({ reason }) => reason === 'replaced').length;
}

interface Term {
  worker: string;
  from: number;
  until: number;
}

/** When which worker had each session, by the database. */
function termsOf({ owners, workers }: Ownership): Map<string, Term[]> {
  const ends = new Map(workers.map(({ id, until }) => [id, until]));
  const terms = new Map<string, Term[]>();
  const open = new Map<string, Term>();
  for (const { session_id, worker_id, at } of owners) {
    const before = open.get(session_id);
    // Claimed anew by who has it: nothing ends.
    if (before?.worker === worker_id) continue;
    if (before) before.until = Math.min(before.until, at);
    open.delete(session_id);
    if (worker_id === null) continue;
    const term = { worker: worker_id, from: at, until: ends.get(worker_id) ?? at };
    open.set(session_id, term);
    terms.set(session_id, [...(terms.get(session_id) ?? []), term]);
  }
  return terms;
}

/** By the clocks: the database's and the sandbox', which are one on one machine. */
function spokeAfterLoss(
  life: Testimony[],
  { workersOf, sessions }: Heard,
  terms: Map<string, Term[]>,
): Finding[] {
  const findings: Finding[] = [];
  for (const said of life) {
    if (said.what === 'closed') continue;
    const session = sessions.get(phoneOf(said)) ?? '';
    const workers = workersOf.get(said.by) ?? [];
    const own = (terms.get(session) ?? []).filter(({ worker }) => workers.includes(worker));
    if (own.some(({ from, until }) => said.since < until && said.at >= from)) continue;
    const last = own.filter(({ until }) => until <= said.since).at(-1);
    const detail = last
      ? `at least ${Math.round(said.since - last.until)} ms after its time`
      : 'which it never had by then';
    findings.push(finding(said, 'sandbox, by the database’s clock', detail));
  }
  return findings;
}

/** By the order in which the sandbox heard them, without any clock. */
function spokeAfterReplaced(life: Testimony[]): Finding[] {
  const findings: Finding[] = [];
  const newest = new Map<string, Testimony>();
  for (const said of life) {
    if (said.what === 'login') newest.set(said.device, said);
    const owner = newest.get(said.device);
    // A process that has connected again may be heard on its former connection for a moment.
    if (said.what !== 'stanza' || !owner || owner.by === said.by) continue;
    const detail = `${said.at - owner.at} ms after ${owner.by} had logged in`;
    findings.push(finding(said, 'sandbox, by the order of logins', detail));
  }
  return findings;
}

function finding(said: Testimony, where: string, detail: string): Finding {
  const { by, what, tag, id, device, at } = said;
  const time = new Date(at).toISOString().slice(11, 23);
  const text = what === 'login' ? 'login' : `<${tag}> ${id ?? ''}`;
  return { kind: 'double owner', who: by, where, what: `${text} of ${device}, ${time}`, detail };
}

function isDouble({ writer, owner, late }: Stranger): boolean {
  return owner !== writer || (late ?? 0) > LONGEST_UNIT;
}

function asFinding({ at, about, session_id, writer, owner, late }: Stranger): Finding {
  const time = new Date(at).toISOString().slice(11, 23);
  const detail = owner === writer ? `${Math.round(late ?? 0)} ms after its time` : `of ${owner}`;
  const what = `${about} of ${session_id}, ${time}`;
  return { kind: 'double owner', who: writer, where: 'database', what, detail };
}

export function phoneOf({ device }: Testimony): string {
  return device.split(':')[0] ?? '';
}
