import { BufferJSON, proto, type SignalDataTypeMap } from '../baileys.js';

export type KeyKind = keyof SignalDataTypeMap;

/** Kinds that are bytes as Baileys hands them over. */
const BYTES = new Set<string>(['sender-key', 'identity-key']);
/** Kinds without bytes in them: plain JSON, which is several times cheaper than BufferJSON. */
const PLAIN = new Set<string>(['session', 'lid-mapping', 'device-list', 'sender-key-memory']);

/** A key as it is stored: bytes, or JSON with bytes in base64 (`BufferJSON`). */
export function encodeKey(kind: string, value: unknown): Buffer {
  if (BYTES.has(kind)) return Buffer.from(value as Uint8Array);
  return Buffer.from(JSON.stringify(value, PLAIN.has(kind) ? undefined : BufferJSON.replacer));
}

export function decodeKey<Kind extends KeyKind>(
  kind: Kind,
  stored: Uint8Array,
): SignalDataTypeMap[Kind] {
  return decode(kind, stored) as SignalDataTypeMap[Kind];
}

function decode(kind: string, stored: Uint8Array): unknown {
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
  if (BYTES.has(kind)) return bytes;
  const key = JSON.parse(bytes.toString(), PLAIN.has(kind) ? undefined : BufferJSON.reviver);
  return kind === 'app-state-sync-key' ? proto.Message.AppStateSyncKeyData.fromObject(key) : key;
}
