import { createHash } from 'node:crypto';
import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import { formOf } from '../../world/jid.js';
import type { AccountRecord, DeviceRecord } from '../../world/world.js';
import type { Core } from '../core.js';
import { childOf, childrenOf, node, textOf } from '../stanza.js';
import type { IqHandler } from './dispatch.js';

/** Who is who: devices, LIDs, and whether a number is on WhatsApp. */
export const answerUsyncIq: IqHandler = (core, sender, iq) => {
  const usync = childOf(iq, 'usync');
  const asked = childrenOf(childOf(usync, 'query')).map((protocol) => protocol.tag);
  if (!usync) return undefined;
  const users = childrenOf(childOf(usync, 'list'), 'user').flatMap((user) => {
    const answer = describe(core, sender, user, asked);
    return answer ? [answer] : [];
  });
  const { sid, index, last, mode, context } = usync.attrs;
  return [
    node('usync', { sid, index, last, mode, context }, [
      node(
        'result',
        {},
        asked.map((tag) => node(tag)),
      ),
      node('list', {}, users),
    ]),
  ];
};

function describe(
  core: Core,
  sender: DeviceRecord,
  user: BinaryNode,
  asked: string[],
): BinaryNode | undefined {
  const number = textOf(childOf(user, 'contact'))?.replace(/\D/g, '');
  const jid = user.attrs.jid ?? (number ? `${number}@s.whatsapp.net` : undefined);
  if (!jid) return undefined;
  const account = core.world.accountOf(jid);
  const parts = asked.flatMap((protocol) => {
    const part = answerProtocol(core, sender, protocol, jid, account);
    return part ? [part] : [];
  });
  return node('user', { jid }, parts);
}

function answerProtocol(
  core: Core,
  sender: DeviceRecord,
  protocol: string,
  jid: string,
  account: AccountRecord | undefined,
): BinaryNode | undefined {
  if (protocol === 'contact') return node('contact', { type: account ? 'in' : 'out' });
  if (!account) return undefined;
  switch (protocol) {
    case 'devices':
      core.watchers.add(account.phone, sender.phone);
      return node('devices', {}, [deviceList(core, account)]);
    case 'lid':
      return formOf(jid) === 'pn' ? node('lid', { val: account.lid }) : undefined;
    case 'status':
      return node(
        'status',
        { t: String(account.aboutAt ?? 0) },
        account.about ? Buffer.from(account.about) : undefined,
      );
    case 'disappearing_mode':
      return node('disappearing_mode', { duration: '0', t: '0' });
    default:
      return undefined;
  }
}

function deviceList(core: Core, account: AccountRecord): BinaryNode {
  const devices = core.world.devicesOf(account.phone);
  const list = devices.map(({ index, keyIndex }) =>
    node('device', { id: String(index), 'key-index': index ? String(keyIndex) : undefined }),
  );
  return node('device-list', { hash: devicesHash(devices) }, list);
}

/** Changes whenever the set of devices does. */
export function devicesHash(devices: DeviceRecord[]): string {
  const keys = devices.map((device) => device.key).join();
  return `2:${createHash('sha256').update(keys).digest('base64').slice(0, 8)}`;
}
