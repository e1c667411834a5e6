import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import { type DeviceRecord, nowSeconds } from '../../world/world.js';
import type { Core } from '../core.js';
import { childOf, node, textOf } from '../stanza.js';
import type { IqHandler } from './dispatch.js';

/** Clients issue privacy tokens to LIDs when this property is set. */
const LID_TRUSTED_TOKENS = { config_code: '10518', config_value: 'true' };

/** Small families that need nothing of the world: properties, pings, statistics, profiles. */
export const answerAccountIq: IqHandler = (core, sender, iq) => {
  const { xmlns } = iq.attrs;
  switch (xmlns) {
    case 'abt':
    case 'w':
      if (!childOf(iq, 'props')) return undefined;
      return [node('props', { hash: 'sandbox' }, [node('prop', LID_TRUSTED_TOKENS)])];
    case 'w:biz':
      return childOf(iq, 'business_profile') ? [node('business_profile')] : undefined;
    case 'status':
      return setAbout(core, sender, iq);
    case 'w:p':
    case 'w:stats':
    case 'urn:xmpp:whatsapp:dirty':
      return [];
    default:
      return undefined;
  }
};

function setAbout(core: Core, sender: DeviceRecord, iq: BinaryNode): BinaryNode[] {
  const account = core.world.account(sender.phone)!;
  account.about = textOf(childOf(iq, 'status')) ?? '';
  account.aboutAt = nowSeconds();
  core.world.saveAccount(account);
  return [];
}
