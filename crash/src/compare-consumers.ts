import type { Deeds } from './deeds.js';
import { describe, type Expected, isTarget } from './expected.js';
import type { Finding } from './finding.js';
import { type Cast, type ConsumersCast, TAG } from './lanes.js';
import { questionsOf } from './responder.js';
import type { Truths } from './truths.js';
import { type Witness, witnessesOf } from './witnesses.js';

/**
 * What was approved is found and went on once to each target, what was asked is answered once, and
 * nothing else was.
 */
export function compareConsumers(
  cast: Cast,
  expected: Expected[],
  truths: Truths,
  deeds: Deeds,
): Finding[] {
  const { consumers } = cast;
  if (!consumers) return unfinished(truths);
  const witnesses = witnessesOf(cast, truths);
  return [
    ...witnesses.flatMap((witness) => [
      ...passedOn(witness, consumers, deeds),
      ...answered(witness, consumers, expected, deeds),
    ]),
    ...knowledge(cast, consumers, expected, truths, deeds),
    ...foundBySearch(truths, deeds),
    ...unfinished(truths),
  ];
}

function passedOn(
  { who, where, phone, shown }: Witness,
  { targets }: ConsumersCast,
  deeds: Deeds,
): Finding[] {
  const findings: Finding[] = [];
  for (const { jid, members } of targets) {
    if (!members.includes(phone)) continue;
    const counts = countsOf(shown.filter(({ chat }) => chat === jid).map(({ text }) => text));
    const detail = `passed on to ${jid}`;
    for (const what of deeds.stars.keys()) {
      const count = counts.get(what) ?? 0;
      counts.delete(what);
      if (count === 0) findings.push({ kind: 'lost', who, where, what, detail });
      if (count > 1) findings.push({ kind: 'doubled', who, where, what, detail });
    }
    for (const what of counts.keys()) findings.push({ kind: 'unwanted', who, where, what, detail });
  }
  return findings;
}

function answered(
  { who, where, phone, shown }: Witness,
  { bot }: ConsumersCast,
  expected: Expected[],
  deeds: Deeds,
): Finding[] {
  const findings: Finding[] = [];
  const counts = countsOf(shown.flatMap(({ text }) => questionsOf(text)));
  for (const question of expected) {
    const { lane, text: what } = question;
    if (lane.chat !== bot || !lane.members.includes(phone)) continue;
    const count = counts.get(what) ?? 0;
    const isForBot = !deeds.toAPerson.has(what);
    if (count === (isForBot ? 1 : 0)) continue;
    const kind = isForBot ? (count === 0 ? 'lost' : 'doubled') : 'unwanted';
    const detail = `its answer, ${count} times; ${describe(question)}`;
    findings.push({ kind, who, where, what: `answer to ${what}`, detail });
  }
  return findings;
}

/** What is kept of the source group is what was said there. */
function knowledge(
  cast: Cast,
  { source }: ConsumersCast,
  expected: Expected[],
  { stored }: Truths,
  { stars }: Deeds,
): Finding[] {
  const findings: Finding[] = [];
  const find = (what: string, detail: string) =>
    findings.push({ kind: 'wrong knowledge', who: 'knowledge', where: 'database', what, detail });
  const rows = new Map<string, Truths['stored']['knowledge']>();
  for (const row of stored.knowledge) {
    // What is passed on bears its tag along, so it is knowledge of the other group too.
    if (isTarget(cast, row.group_jid) && stars.has(row.text)) continue;
    rows.set(row.text, [...(rows.get(row.text) ?? []), row]);
  }
  const documents = new Set(stored.documents.map(({ message_id }) => message_id));
  for (const message of expected) {
    const { lane, text, shownId } = message;
    if (lane.chat !== source) continue;
    const kept = rows.get(text) ?? [];
    rows.delete(text);
    const [row] = kept;
    if (!row || kept.length > 1) {
      find(text, `kept ${kept.length} times; ${describe(message)}`);
      continue;
    }
    const isApproved = stars.get(text) === true;
    const right =
      row.message_id === (shownId ?? row.message_id) &&
      row.group_jid === lane.chat &&
      row.tags === JSON.stringify([TAG]) &&
      row.deleted === 0 &&
      (row.approved_at !== null) === isApproved;
    const detail = `${isApproved ? 'approved' : 'not approved'}, but it is`;
    if (!right) find(text, `${detail} ${JSON.stringify(row)}`);
    if (documents.has(row.message_id) !== isApproved) find(text, `${detail} otherwise indexed`);
  }
  for (const text of rows.keys()) find(text, 'was never said');
  return findings;
}

function foundBySearch({ search }: Truths, { stars }: Deeds): Finding[] {
  const counts = countsOf(search);
  const wanted = [...stars].filter(([, isApproved]) => isApproved).map(([text]) => text);
  const texts = new Set([...counts.keys(), ...wanted]);
  return [...texts].flatMap((what): Finding[] => {
    const count = counts.get(what) ?? 0;
    const right = stars.get(what) === true ? 1 : 0;
    if (count === right) return [];
    const detail = `found ${count} times, should be ${right}`;
    return [{ kind: 'wrong knowledge', who: 'search', where: 'API', what, detail }];
  });
}

/** Work that is still to be done, or was given up. */
function unfinished({ stored }: Truths): Finding[] {
  const found = (where: string, what: string, detail: string): Finding => ({
    ...{ kind: 'not acknowledged', who: 'server', where, what, detail },
  });
  return [
    ...stored.jobs.map((job) => found('jobs', `${job.name} ${job.id}`, JSON.stringify(job))),
    ...stored.givenUp.map((job) => found('failed jobs', `${job.name} ${job.id}`, job.reason)),
    ...stored.forwards
      .filter(({ state }) => state !== 'accepted')
      .map(({ message_id, target_jid, state }) =>
        found('forwards', message_id, target_jid + state),
      ),
    ...stored.questions
      .filter(({ outcome }) => outcome === 'open' || outcome === 'failed')
      .map(({ message_id, outcome }) => found('questions', message_id, outcome)),
  ];
}

function countsOf(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
