import type { Readable } from 'node:stream';

/** Bytes of a content, both ends included, as in the Range header. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * Files under the SHA-256 of their content (64 hexadecimal digits), so that what is sent to many
 * chats is kept once. Contents never change.
 */
export interface MediaStore {
  /**
   * Takes a finished file over; durable when this resolves, and the file at `path` is gone. What is
   * there already stays as it is.
   */
  put(hash: string, path: string): Promise<void>;
  /** Bytes of a content; undefined: it is not there. */
  size(hash: string): Promise<number | undefined>;
  /** The content or a part of it, as a stream; undefined: it is not there. */
  read(hash: string, range?: ByteRange): Promise<Readable | undefined>;
  /** Deleting what is not there is fine. */
  delete(hash: string): Promise<void>;
}
