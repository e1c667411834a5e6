const HEADER_BYTES = 4;
/** `WA`, protocol 6, token dictionary 3. */
const HEADER = Buffer.of(0x57, 0x41, 6, 3);
const MAX_FRAME = (1 << 24) - 1;

/** Puts the 3-byte length in front. */
export function frame(payload: Uint8Array): Buffer {
  if (payload.length > MAX_FRAME) throw new Error(`frame of ${payload.length} bytes is too long`);
  const framed = Buffer.allocUnsafe(3 + payload.length);
  framed.writeUIntBE(payload.length, 0, 3);
  framed.set(payload, 3);
  return framed;
}

/**
 * Cuts the client's byte stream into frames. The stream begins with an optional routing intro
 * (`ED`, version 1, length, bytes: what the server gave in `<edge_routing>`) and the header.
 */
export class FrameReader {
  private pending: Buffer = Buffer.alloc(0);
  header: Buffer | undefined;

  /** Complete frames, in order. @throws when the header is not one that we speak */
  push(data: Buffer): Buffer[] {
    this.pending = this.pending.length ? Buffer.concat([this.pending, data]) : data;
    if (!this.header && !this.readIntro()) return [];
    const frames: Buffer[] = [];
    while (this.pending.length >= 3) {
      const end = 3 + this.pending.readUIntBE(0, 3);
      if (this.pending.length < end) break;
      frames.push(this.pending.subarray(3, end));
      this.pending = this.pending.subarray(end);
    }
    return frames;
  }

  private readIntro(): boolean {
    let start = 0;
    if (this.pending.subarray(0, 2).toString('latin1') === 'ED') {
      if (this.pending.length < 7) return false;
      start = 7 + this.pending.readUIntBE(4, 3);
    }
    const end = start + HEADER_BYTES;
    if (this.pending.length < end) return false;
    const header = this.pending.subarray(start, end);
    if (!header.equals(HEADER))
      throw new Error(`unknown protocol header ${header.toString('hex')}`);
    this.header = header;
    this.pending = this.pending.subarray(end);
    return true;
  }
}
