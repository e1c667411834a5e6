import { createHash, timingSafeEqual } from 'node:crypto';

/** What the separate session process and this server tell each other to be believed. */
export class ProcessSecret {
  /** @param secret undefined: there is no such process, and nobody can know the secret */
  constructor(private readonly secret: string | undefined) {}

  /** Compares in a time that tells nothing of either. */
  isIn(authorization: string | undefined): boolean {
    if (this.secret === undefined) return false;
    const [given, right] = [authorization ?? '', `Bearer ${this.secret}`].map(hashOf);
    return given !== undefined && right !== undefined && timingSafeEqual(given, right);
  }
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
