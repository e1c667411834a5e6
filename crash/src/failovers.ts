import { phoneOf, type Testimony } from './double-owners.js';

/** A process that was ended, stopped or cut off. */
export interface Blow {
  kind: string;
  /** Which life of which process (see `ServerProgram.label`). */
  label: string;
  at: number;
}

export interface Failovers {
  /** Milliseconds, of each session that was connected there, until WhatsApp had it from elsewhere. */
  times: number[];
  /** Sessions that nobody could connect for a while, for WhatsApp itself was away meanwhile. */
  hindered: number;
  /** Sessions that nobody connected again. */
  never: number;
}

/** How long sessions were away after each kind of blow, as WhatsApp sees it. */
export function failoversOf(blows: Blow[], lives: Testimony[][]): Map<string, Failovers> {
  const logins = new Map<string, Testimony[]>();
  const begins = lives.map(([first]) => first?.at ?? 0);
  for (const said of lives.flat()) {
    if (said.what !== 'login') continue;
    const phone = phoneOf(said);
    logins.set(phone, [...(logins.get(phone) ?? []), said]);
  }
  const found = new Map<string, Failovers>();
  for (const { kind, label, at } of blows) {
    const here = found.get(kind) ?? { times: [], hindered: 0, never: 0 };
    found.set(kind, here);
    for (const all of logins.values()) {
      if (all.filter((login) => login.at <= at).at(-1)?.by !== label) continue;
      const next = all.find((login) => login.at > at && login.by !== label);
      if (!next) here.never += 1;
      else if (begins.some((begin) => begin > at && begin <= next.at)) here.hindered += 1;
      else here.times.push(next.at - at);
    }
  }
  return found;
}
