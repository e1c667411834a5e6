/** Reads a stream of bytes value by value, as protobuf encodes them; holds one chunk of it. */
export class ByteStream {
  #held: Buffer = Buffer.alloc(0);
  /** Bytes read so far. */
  position = 0;

  constructor(private readonly chunks: AsyncIterator<Uint8Array>) {}

  async atEnd(): Promise<boolean> {
    return this.#held.length === 0 && !(await this.#more());
  }

  /** A copy of the next bytes. @throws RangeError when the stream ends before */
  async bytes(length: number): Promise<Buffer> {
    const copy = Buffer.allocUnsafe(length);
    for (let filled = 0; filled < length; ) {
      if (this.#held.length === 0) await this.#demand();
      const count = this.#held.copy(copy, filled, 0, length - filled);
      filled += count;
      this.#drop(count);
    }
    return copy;
  }

  async skip(length: number): Promise<void> {
    for (let left = length; left > 0; ) {
      if (this.#held.length === 0) await this.#demand();
      const count = Math.min(left, this.#held.length);
      left -= count;
      this.#drop(count);
    }
  }

  /** A number up to 2^53; beyond, it is not exact. */
  async varint(): Promise<number> {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = await this.#byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  /** A number of any size as it stands here. */
  async varintBytes(): Promise<Uint8Array> {
    const bytes: number[] = [];
    let byte: number;
    do {
      byte = await this.#byte();
      bytes.push(byte);
    } while (byte >= 0x80);
    return Uint8Array.from(bytes);
  }

  async #byte(): Promise<number> {
    if (this.#held.length === 0) await this.#demand();
    const byte = this.#held[0] ?? 0;
    this.#drop(1);
    return byte;
  }

  #drop(count: number): void {
    this.#held = this.#held.subarray(count);
    this.position += count;
  }

  async #demand(): Promise<void> {
    if (!(await this.#more())) throw new RangeError('The file ends in the middle');
  }

  async #more(): Promise<boolean> {
    while (this.#held.length === 0) {
      const { done, value } = await this.chunks.next();
      if (done) return false;
      this.#held = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    }
    return true;
  }
}
