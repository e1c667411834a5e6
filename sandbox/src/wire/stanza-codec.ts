import { inflateSync } from 'node:zlib';
import * as dictionary from 'baileys/lib/WABinary/constants.js';
import { decodeDecompressedBinaryNode } from 'baileys/lib/WABinary/decode.js';
import { type BinaryNode, encodeBinaryNode } from 'baileys/lib/WABinary/index.js';

const COMPRESSED = 2;

/** Flag byte 0 (never compressed: clients inflate asynchronously) and the node. */
export function encodeStanza(stanza: BinaryNode): Buffer {
  return encodeBinaryNode(stanza);
}

/** @throws when the bytes are no node */
export function decodeStanza(bytes: Buffer): BinaryNode {
  const flags = bytes[0];
  if (flags === undefined) throw new Error('empty stanza');
  const body = flags & COMPRESSED ? inflateSync(bytes.subarray(1)) : bytes.subarray(1);
  return decodeDecompressedBinaryNode(body, dictionary);
}
