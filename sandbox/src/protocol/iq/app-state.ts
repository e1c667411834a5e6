import { childOf, childrenOf, node } from '../stanza.js';
import type { IqHandler } from './dispatch.js';

/** Chat settings shared by an account's devices. Every collection is empty and stays so. */
export const answerAppStateIq: IqHandler = (_core, _sender, iq) => {
  const sync = childOf(iq, 'sync');
  if (!sync) return undefined;
  const collections = childrenOf(sync, 'collection').map(({ attrs: { name, version = '0' } }) =>
    node('collection', { name, version, has_more_patches: 'false' }),
  );
  return [node('sync', {}, collections)];
};
