import { lidJidOf, normalizeJid, pnJidOf } from '../../whatsapp/jid.js';
import type { KeyEntry } from '../engine.js';
import { type ForeignAuth, type ImportedAuth, UnusableAuth } from '../engine-import.js';
import { type AuthenticationCreds, BufferJSON, proto } from './baileys.js';
import { encodeKey } from './signal/key-codec.js';

/** The kinds of keys that rc14 stores (`lib/Types/Auth.d.ts`), those first whose names begin another's. */
const KINDS = [
  'app-state-sync-version',
  'app-state-sync-key',
  'sender-key-memory',
  'sender-key',
  'identity-key',
  'device-list',
  'lid-mapping',
  'pre-key',
  'session',
  'tctoken',
] as const;
type Kind = (typeof KINDS)[number];

/** Problems that a message names. */
const NAMED = 8;

/**
 * What a program with Baileys has stored by `useMultiFileAuthState`, or in its form elsewhere, in ours.
 * @throws {UnusableAuth} when something is missing without which the device cannot go on, or damaged
 */
export function importedAuth(auth: ForeignAuth): ImportedAuth {
  const creds = readCreds(auth);
  const entries: KeyEntry[] = [
    { kind: 'creds', id: 'creds', value: Buffer.from(JSON.stringify(creds, BufferJSON.replacer)) },
  ];
  const mappings: ImportedAuth['mappings'] = [];
  const leftOut: string[] = [];
  const damaged: string[] = [];
  for (const [name, text] of auth.keys) {
    const key = keyNamed(name, auth.named);
    if (!key) {
      leftOut.push(name);
      continue;
    }
    try {
      const value = readKey(key.kind, text);
      if (value === null) continue;
      entries.push({ ...key, value: encodeKey(key.kind, value) });
      if (key.kind === 'lid-mapping' && !key.id.endsWith('_reverse')) {
        mappings.push({ pn: pnJidOf(key.id), lid: lidJidOf(String(value)) });
      }
    } catch {
      damaged.push(name);
    }
  }
  if (damaged.length > 0) throw new UnusableAuth(`${auth.place}: damaged: ${list(damaged)}`);
  refuseIncomplete(auth, creds, entries);
  const { me } = creds;
  return {
    jid: normalizeJid(me?.id ?? ''),
    lid: me?.lid ? normalizeJid(me.lid) : undefined,
    name: me?.name && me.name !== '~' ? me.name : undefined,
    entries,
    mappings,
    leftOut,
  };
}

function readCreds({ place, creds: text }: ForeignAuth): AuthenticationCreds {
  if (text === undefined) throw new UnusableAuth(`${place}: there are no credentials (creds.json)`);
  let creds: AuthenticationCreds;
  try {
    const read = JSON.parse(text, BufferJSON.reviver);
    // Some keep the text of the JSON as a JSON string.
    creds = typeof read === 'string' ? JSON.parse(read, BufferJSON.reviver) : read;
  } catch {
    throw new UnusableAuth(`${place}: the credentials (creds.json) are no JSON; are they cut off?`);
  }
  const missing = Object.entries(ESSENTIAL)
    .filter(([name, fits]) => !fits(creds?.[name as keyof AuthenticationCreds]))
    .map(([name]) => name);
  if (missing.length === 0) return creds;
  const unlinked = missing.includes('me') || missing.includes('account');
  throw new UnusableAuth(
    `${place}: in the credentials (creds.json) ${list(missing)} ${missing.length > 1 ? 'are' : 'is'} ` +
      `missing or damaged${unlinked ? ': no phone has linked this device' : ''}`,
  );
}

/** What a linked device cannot log in or read without. */
const ESSENTIAL: Record<string, (value: unknown) => boolean> = {
  me: (value) => /^\d+(:\d+)?@s\.whatsapp\.net$/.test(String(field(value, 'id'))),
  account: (value) =>
    ['details', 'accountSignature', 'deviceSignature'].every((name) =>
      isBytes(field(value, name), 1),
    ),
  noiseKey: isKeyPair,
  signedIdentityKey: isKeyPair,
  signedPreKey: (value) =>
    isKeyPair(field(value, 'keyPair')) && isBytes(field(value, 'signature'), 64),
  registrationId: (value) => Number.isInteger(value),
  advSecretKey: (value) => typeof value === 'string' && value.length > 0,
  nextPreKeyId: (value) => Number.isInteger(value),
  firstUnuploadedPreKeyId: (value) => Number.isInteger(value),
};

function isKeyPair(value: unknown): boolean {
  return isBytes(field(value, 'private'), 32) && isBytes(field(value, 'public'), 32);
}

/** Bytes of protobuf objects are base64 in JSON, others what `BufferJSON` has made of them. */
function isBytes(value: unknown, least: number): boolean {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'base64') : value;
  return bytes instanceof Uint8Array && bytes.length >= least;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

/** Credentials without the keys that belong to them connect, and then can read nothing. */
function refuseIncomplete(auth: ForeignAuth, creds: AuthenticationCreds, entries: KeyEntry[]) {
  const has = (kind: Kind, id?: string) =>
    entries.some((entry) => entry.kind === kind && (id === undefined || entry.id === id));
  const missing: string[] = [];
  if (creds.nextPreKeyId > 1 && !has('pre-key')) missing.push('pre-key-…');
  const { myAppStateKeyId } = creds;
  if (myAppStateKeyId && !has('app-state-sync-key', myAppStateKeyId)) {
    missing.push(`app-state-sync-key-${myAppStateKeyId}`);
  }
  if (missing.length === 0) return;
  throw new UnusableAuth(
    `${auth.place}: there are credentials, but keys that belong to them are missing: ${list(missing)}`,
  );
}

function keyNamed(
  name: string,
  named: ForeignAuth['named'],
): { kind: Kind; id: string } | undefined {
  const kind = KINDS.find((one) => name.startsWith(`${one}-`));
  const id = kind && name.slice(kind.length + 1);
  return kind && id ? { kind, id: named === 'as-files' ? restored(kind, id) : id } : undefined;
}

/**
 * `useMultiFileAuthState` writes `__` for `/` and `-` for `:`. Only two kinds have them in their ids:
 * the ids of app-state keys are base64, sender keys are named `<group>::<user>::<device>`. Groups and
 * indexes have `-` and `__` of their own.
 */
function restored(kind: Kind, id: string): string {
  if (kind === 'app-state-sync-key') return id.replaceAll('__', '/');
  if (kind === 'sender-key') return id.replace(/^(.+)--([^-]+)--(\d+)$/, '$1::$2::$3');
  return id;
}

function readKey(kind: Kind, text: string): unknown {
  const value = JSON.parse(text, BufferJSON.reviver);
  if (value === null) return null;
  switch (kind) {
    case 'sender-key':
      // Before 6.7 it was not yet made bytes of.
      return value instanceof Uint8Array ? value : Buffer.from(JSON.stringify(value));
    case 'identity-key':
      return demand(value, isBytes(value, 32));
    case 'pre-key':
      return demand(value, isKeyPair(value));
    case 'session':
      // Plain JSON with base64 in it, as libsignal serializes it.
      return demand(JSON.parse(text), field(value, '_sessions') !== undefined);
    case 'app-state-sync-key': {
      const key = proto.Message.AppStateSyncKeyData.fromObject(value);
      return demand(key, isBytes(key.keyData, 32));
    }
    case 'lid-mapping':
      return demand(value, typeof value === 'string');
    case 'device-list':
      return demand(value, Array.isArray(value));
    default:
      return demand(value, typeof value === 'object');
  }
}

function demand<Value>(value: Value, fits: boolean): Value {
  if (!fits) throw new Error('not of its kind');
  return value;
}

function list(names: string[]): string {
  const more = names.length - NAMED;
  return names.slice(0, NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
