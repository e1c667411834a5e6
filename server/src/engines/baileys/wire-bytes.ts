import { proto } from './baileys.js';

const WIRE = Symbol('bytes as received');
type Decode = typeof proto.Message.decode;

/**
 * The bytes that a message was read from. Reading skips fields that this version does not know, so
 * that of a kind newer than it nothing would be left; with the bytes it can be kept as it came.
 */
export function wireBytes(message: proto.IMessage): Uint8Array | undefined {
  return (message as { [WIRE]?: Uint8Array })[WIRE];
}

/** A reader of protobufjs stands somewhere in a larger message. */
type Source = Uint8Array | { buf: Uint8Array; pos: number };

/**
 * The note is an enumerable symbol on purpose: rc14 joins the parts of one stanza with
 * `Object.assign` (`lib/Utils/decode-wa-message.js`), and the last part is the message itself.
 */
const original = proto.Message.decode.bind(proto.Message) as Decode;
proto.Message.decode = ((source: Source, length?: number, ...rest: []) => {
  const [bytes, start] = source instanceof Uint8Array ? [source, 0] : [source.buf, source.pos];
  const end = length === undefined ? bytes.length : start + length;
  const message = original(source as Parameters<Decode>[0], length, ...rest);
  Object.assign(message, { [WIRE]: bytes.subarray(start, end) });
  return message;
}) as Decode;

/** A number as protobuf writes it. @param value below 2^53 */
export function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Uint8Array.from([...bytes, rest]);
}
