import { IqFailure } from '../seam.js';
import { childOf, node } from '../stanza.js';
import type { IqHandler } from './dispatch.js';

/** Clients issue privacy tokens to LIDs when this property is set. */
const LID_TRUSTED_TOKENS = { config_code: '10518', config_value: 'true' };

/** Small families that need nothing of the world: properties, pings, statistics, profiles. */
export const answerAccountIq: IqHandler = (_core, _sender, iq) => {
  const { xmlns, type } = iq.attrs;
  switch (xmlns) {
    case 'abt':
    case 'w':
      if (!childOf(iq, 'props')) return undefined;
      return [node('props', { hash: 'sandbox' }, [node('prop', LID_TRUSTED_TOKENS)])];
    case 'w:profile:picture':
      if (type === 'get') throw new IqFailure(404, 'item-not-found');
      return undefined;
    case 'w:biz':
      return childOf(iq, 'business_profile') ? [node('business_profile')] : undefined;
    case 'w:p':
    case 'w:stats':
    case 'status':
    case 'urn:xmpp:whatsapp:dirty':
      return [];
    default:
      return undefined;
  }
};
