import { childOf, node } from '../stanza.js';
import type { IqHandler } from './dispatch.js';

/** Where to upload and download. The loopback host asks nobody who he is. */
export const answerMediaIq: IqHandler = (core, _sender, iq) => {
  if (!childOf(iq, 'media_conn')) return undefined;
  const attrs = { auth: 'sandbox', ttl: '3600', auth_ttl: '21600', max_buckets: '12' };
  const host = node('host', { hostname: core.media.host, maxContentLengthBytes: '104857600' });
  return [node('media_conn', attrs, [host])];
};
