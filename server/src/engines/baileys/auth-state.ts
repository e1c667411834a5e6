import type { AuthStore } from '../engine.js';
import {
  type AuthenticationCreds,
  type AuthenticationState,
  BufferJSON,
  initAuthCreds,
} from './baileys.js';
import { KeyStore } from './signal/key-store.js';

/** The one row of the credentials themselves, beside a row for each Signal key. */
const CREDS = { kind: 'creds', id: 'creds' };

export interface BaileysAuth {
  state: AuthenticationState;
  keys: KeyStore;
  /** Stores the credentials as they are now, if that is not how they are stored already. */
  saveCreds(): Promise<void>;
}

/**
 * Baileys' credentials and keys over our store.
 *
 * @param onFailure told when the store fails, which must close the socket (see `KeyStore`)
 * @param onLidMapping told of each PN and LID (both without server) that Baileys learns
 */
export async function loadAuth(
  store: AuthStore,
  onFailure: (error: unknown) => void,
  onLidMapping: (mappings: { pn: string; lid: string }[]) => void,
): Promise<BaileysAuth> {
  const creds = await loadCreds(store);
  const keys = new KeyStore(store, onFailure, onLidMapping);
  let stored: Buffer | undefined;
  return {
    state: { creds, keys: { get: keys.get, set: keys.set } },
    keys,
    saveCreds: async () => {
      const value = Buffer.from(JSON.stringify(creds, BufferJSON.replacer));
      if (stored?.equals(value)) return;
      await store.write([{ ...CREDS, value }]);
      stored = value;
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
  const creds =
    found && (JSON.parse(Buffer.from(found).toString(), BufferJSON.reviver) as AuthenticationCreds);
  if (creds && (!creds.me || creds.account)) return creds;
  if (creds) await store.clear();
  return initAuthCreds();
}
