import { type KeyPair, newKeyPair } from '../wire/curve.js';
import type { Store } from './store.js';

/** The root of trust: made at the first start, kept for good. */
export function loadRootKey(store: Store): KeyPair {
  const get = store.prepare("SELECT value FROM setting WHERE key = 'root-key'");
  const row = get.get() as { value: Uint8Array } | undefined;
  if (row) {
    const bytes = Buffer.from(row.value);
    return { publicKey: bytes.subarray(0, 32), privateKey: bytes.subarray(32) };
  }
  const root = newKeyPair();
  const put = store.prepare("INSERT INTO setting (key, value) VALUES ('root-key', ?)");
  store.write(put, Buffer.concat([root.publicKey, root.privateKey]));
  return root;
}
