/** Uniform numbers in [0, 1) from a seed: the same seed and name, the same sequence. */
export class Random {
  private state: number;

  /** @param name keeps the sequences of different parts apart, so that one does not shift another */
  constructor(seed: number, name: string) {
    this.state = seed >>> 0;
    for (const char of name) this.state = Math.imul(this.state ^ char.charCodeAt(0), 0x01000193);
  }

  next(): number {
    this.state = (this.state + 0x9e3779b9) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `least` to `most`. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** Pauses of things that know nothing of each other. */
  exponential(mean: number): number {
    return -Math.log(1 - this.next()) * mean;
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)] as T;
  }
}
