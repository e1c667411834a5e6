import { Transform, type TransformCallback } from 'node:stream';

/** Changes one bit in the middle of what passes. */
export class Damage extends Transform {
  private passed = 0;

  /** @param length bytes that will pass */
  constructor(private readonly length: number) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    const at = Math.floor(this.length / 2) - this.passed;
    this.passed += chunk.length;
    if (at >= 0 && at < chunk.length) chunk[at] = (chunk[at] ?? 0) ^ 1;
    done(null, chunk);
  }
}
