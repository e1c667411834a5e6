import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import type { AccountRecord } from '../../world/world.js';
import type { Core } from '../core.js';
import { childOf, childrenOf, node } from '../stanza.js';
import type { IqHandler } from './dispatch.js';

const DEFAULTS: Record<string, string> = {
  readreceipts: 'all',
  profile: 'all',
  status: 'all',
  online: 'all',
  last: 'all',
  groupadd: 'all',
  calladd: 'all',
  messages: 'all',
};

/** Privacy settings, trusted-contact tokens, and the block list. */
export const answerPrivacyIq: IqHandler = (core, sender, iq) => {
  const account = core.world.account(sender.phone)!;
  if (iq.attrs.xmlns === 'blocklist') return blockList(core, account, iq);
  if (childOf(iq, 'tokens')) return [node('tokens')];
  const asked = childOf(iq, 'privacy');
  if (!asked) return undefined;
  const changes = childrenOf(asked, 'category');
  for (const { attrs } of changes) {
    if (attrs.name && attrs.value) account.privacy[attrs.name] = attrs.value;
  }
  if (changes.length > 0) core.world.saveAccount(account);
  const settings = Object.entries({ ...DEFAULTS, ...account.privacy });
  return [
    node(
      'privacy',
      {},
      settings.map(([name, value]) => node('category', { name, value })),
    ),
  ];
};

function blockList(core: Core, account: AccountRecord, iq: BinaryNode): BinaryNode[] {
  const { action, jid } = childOf(iq, 'item')?.attrs ?? {};
  if (iq.attrs.type === 'set' && jid) {
    account.blocked = account.blocked.filter((blocked) => blocked !== jid);
    if (action === 'block') account.blocked.push(jid);
    core.world.saveAccount(account);
  }
  return [
    node(
      'list',
      {},
      account.blocked.map((blocked) => node('item', { jid: blocked })),
    ),
  ];
}
