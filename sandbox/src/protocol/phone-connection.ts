import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import type { Store } from '../world/store.js';
import { deviceKey } from '../world/world.js';
import type { Core } from './core.js';
import { answerIq } from './iq/dispatch.js';
import { PhoneLink } from './link.js';
import { attach, disconnect } from './login.js';
import { IqFailure, type PhoneConnection, type PhoneReceiver, type PhoneStore } from './seam.js';
import { childOf, node } from './stanza.js';
import { takeStanza } from './take-stanza.js';

/** See `SandboxServer.attachPhone`. */
export function attachPhone(core: Core, phone: string, receiver: PhoneReceiver): PhoneConnection {
  const device = core.world.device(deviceKey(phone, 0));
  if (!device) throw new Error(`There is no phone ${phone}.`);
  let open = true;
  const link: PhoneLink = new PhoneLink(device.key, receiver, () => {
    open = false;
    disconnect(core, link, device);
  });
  attach(core, link);
  core.delivery.activate(link);
  return {
    get open() {
      return open;
    },
    send(stanza) {
      if (open) link.hear(() => takeStanza(core, device, stanza));
    },
    async request(iq) {
      if (!open) throw new IqFailure(408, 'connection-closed');
      const id = iq.attrs.id ?? core.newId();
      const result = answerIq(core, device, node('iq', { ...iq.attrs, id }, iq.content));
      await new Promise<void>((resolve) => core.store.afterCommit(resolve));
      return orFailure(result);
    },
    detach() {
      link.cut('detached');
    },
  };
}

function orFailure(result: BinaryNode): BinaryNode {
  if (result.attrs.type !== 'error') return result;
  const { code, text = '' } = childOf(result, 'error')?.attrs ?? {};
  throw new IqFailure(Number(code ?? 500), text);
}

/** See `PhoneStore`. */
export function openPhoneStore(store: Store, phone: string): PhoneStore {
  const get = store.prepare('SELECT value FROM phone_state WHERE phone = ? AND key = ?');
  const put = store.prepare(
    'INSERT OR REPLACE INTO phone_state (phone, key, value) VALUES (?, ?, ?)',
  );
  const drop = store.prepare('DELETE FROM phone_state WHERE phone = ? AND key = ?');
  const range = store.prepare(
    'SELECT key, value FROM phone_state WHERE phone = ? AND key >= ? AND key < ? ORDER BY key',
  );
  type Row = { key: string; value: Uint8Array };
  return {
    get(key) {
      const row = get.get(phone, key) as Row | undefined;
      return row && Buffer.from(row.value);
    },
    set: (key, value) => store.write(put, phone, key, Buffer.from(value)),
    delete: (key) => store.write(drop, phone, key),
    list(prefix) {
      const rows = range.all(phone, prefix, `${prefix}\u{10ffff}`) as Row[];
      return rows.map(({ key, value }) => ({ key, value: Buffer.from(value) }));
    },
  };
}
