import type { AuthStore, KeyEntry } from '../engine.js';
import {
  type AuthenticationCreds,
  type AuthenticationState,
  BufferJSON,
  initAuthCreds,
  proto,
  type SignalDataSet,
  type SignalDataTypeMap,
} from './baileys.js';

/** The one row of the credentials themselves, beside a row for each Signal key. */
const CREDS = { kind: 'creds', id: 'creds' };

/** Kinds that carry a step of a Signal ratchet. */
const RATCHETS: (keyof SignalDataTypeMap)[] = ['session', 'sender-key', 'pre-key'];

export interface BaileysAuth {
  state: AuthenticationState;
  /** Stores the credentials as they are now, if that is not how they are stored already. */
  saveCreds(): Promise<void>;
  /** From now on ratchet steps are not stored; see {@link loadAuth}. */
  holdRatchets(): void;
}

/**
 * Baileys' credentials and keys over our store, a row per key, encoded as JSON with bytes in
 * base64 (`BufferJSON`). Nothing is kept in memory but the credentials.
 *
 * The keys never reject, since rc14 takes a failing key for an unreadable message and has it
 * acknowledged away (`lib/Socket/messages-recv.js`, handleMessage): when the store fails, the call
 * stays pending for ever and `onFailure` is told, which must close the socket. In the same way
 * ratchet steps are held once the socket has closed: the message that caused the step can no
 * longer be acknowledged, so it will come again, and must still be readable then.
 *
 * @param onLidMapping told of each PN and LID (both without server) that Baileys learns
 */
export async function loadAuth(
  store: AuthStore,
  onFailure: (error: unknown) => void,
  onLidMapping: (mappings: { pn: string; lid: string }[]) => void,
): Promise<BaileysAuth> {
  const creds = await loadCreds(store);
  let held = false;
  let stored: Buffer | undefined;
  const neverOnFailure = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      onFailure(error);
      return pendingForEver<T>();
    });

  return {
    state: {
      creds,
      keys: {
        get: (type, ids) => neverOnFailure(readKeys(store, type, ids)),
        set: (data) => {
          if (held && RATCHETS.some((kind) => kind in data)) return pendingForEver<void>();
          return neverOnFailure(
            store.write(entriesOf(data)).then(() => {
              const mappings = mappingsOf(data);
              if (mappings.length) onLidMapping(mappings);
            }),
          );
        },
      },
    },
    saveCreds: async () => {
      const value = encode(creds);
      if (stored?.equals(value)) return;
      await store.write([{ ...CREDS, value }]);
      stored = value;
    },
    holdRatchets: () => {
      held = true;
    },
  };
}

/**
 * `requestPairingCode` sets `me` at once (`lib/Socket/socket.js`); only a finished pairing adds
 * `account`. With one and not the other rc14 would try to log in as nobody and be refused with
 * 401, so such credentials are thrown away.
 */
async function loadCreds(store: AuthStore): Promise<AuthenticationCreds> {
  const found = (await store.read(CREDS.kind, [CREDS.id])).get(CREDS.id);
  const creds = found && (decode(found) as AuthenticationCreds);
  if (creds && (!creds.me || creds.account)) return creds;
  if (creds) await store.clear();
  return initAuthCreds();
}

async function readKeys<T extends keyof SignalDataTypeMap>(
  store: AuthStore,
  type: T,
  ids: string[],
): Promise<{ [id: string]: SignalDataTypeMap[T] }> {
  const found = await store.read(type, ids);
  const keys: { [id: string]: SignalDataTypeMap[T] } = {};
  for (const [id, value] of found) {
    const key = decode(value);
    keys[id] = (
      type === 'app-state-sync-key'
        ? proto.Message.AppStateSyncKeyData.fromObject(key as object)
        : key
    ) as SignalDataTypeMap[T];
  }
  return keys;
}

function entriesOf(data: SignalDataSet): KeyEntry[] {
  return Object.entries(data).flatMap(([kind, keys]) =>
    Object.entries(keys).map(([id, value]) => ({ kind, id, value: value ? encode(value) : null })),
  );
}

/** Mappings are stored in both directions: `<pn>` → lid and `<lid>_reverse` → pn. */
function mappingsOf(data: SignalDataSet): { pn: string; lid: string }[] {
  return Object.entries(data['lid-mapping'] ?? {}).flatMap(([pn, lid]) =>
    lid && !pn.endsWith('_reverse') ? [{ pn, lid }] : [],
  );
}

function encode(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value, BufferJSON.replacer));
}

function decode(value: Uint8Array): unknown {
  return JSON.parse(Buffer.from(value).toString(), BufferJSON.reviver);
}

function pendingForEver<T>(): Promise<T> {
  return new Promise<T>(() => {});
}
