import type { FaultKind, FaultRequest, RandomFaults } from '../protocol/fault-kinds.js';

/** What a client must survive by itself, without a new scan. */
const SURVIVABLE: FaultKind[] = [
  'restart_required',
  'service_unavailable',
  'cut',
  'silence',
  'garbage',
  'refuse',
  'ack_delay',
  'ack_missing',
  'message_lost',
  'duplicate',
  'undecryptable',
];

/** A small generator of uniform numbers in [0, 1): the same seed, the same sequence. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
}

export interface Drawn {
  kind: FaultKind;
  /** Picks the victim among those present: its rank as a fraction. */
  victim: number;
  pauseMs: number;
}

/** The endless sequence of a schedule: three numbers a fault, whatever becomes of it. */
export function* schedule({ seed, everyMs, kinds = SURVIVABLE }: RandomFaults): Generator<Drawn> {
  const next = generator(seed);
  for (;;) {
    const kind = kinds[Math.floor(next() * kinds.length)]!;
    const victim = next();
    // Exponential pauses: faults that know nothing of each other.
    yield { kind, victim, pauseMs: -Math.log(1 - next()) * everyMs };
  }
}

/**
 * Runs a schedule. @returns a function that stops it
 * @param victims devices that are there to be struck now, in a fixed order
 */
export function runSchedule(
  options: RandomFaults,
  victims: () => { phone: string; device: number }[],
  add: (request: FaultRequest) => void,
): () => void {
  const draws = schedule(options);
  let left = options.count ?? Infinity;
  let timer: NodeJS.Timeout;
  const strike = ({ kind, victim }: Drawn): void => {
    const present = victims();
    const one = present[Math.floor(victim * present.length)];
    if (one) add({ kind, ...one, delayMs: Math.min(options.everyMs, 2000) });
    plan();
  };
  const plan = (): void => {
    if (left-- <= 0) return;
    const drawn = draws.next().value as Drawn;
    timer = setTimeout(() => strike(drawn), drawn.pauseMs);
    timer.unref();
  };
  plan();
  return () => {
    left = 0;
    clearTimeout(timer);
  };
}
