import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import { SERVER } from '../../world/jid.js';
import type { DeviceRecord } from '../../world/world.js';
import type { Core } from '../core.js';
import { IqFailure } from '../seam.js';
import { childrenOf, node } from '../stanza.js';
import { answerAccountIq } from './account.js';
import { answerAppStateIq } from './app-state.js';
import { answerEncryptIq } from './encrypt.js';
import { answerGroupIq } from './groups.js';
import { answerMdIq } from './md.js';
import { answerMediaIq } from './media-conn.js';
import { answerPassiveIq } from './passive.js';
import { answerPictureIq } from './pictures.js';
import { answerPrivacyIq } from './privacy.js';
import { answerUsyncIq } from './usync.js';

/**
 * Answers one family of iqs.
 * @returns the children of the result, or undefined when it does not know this one
 * @throws {IqFailure} for an error answer
 */
export type IqHandler = (
  core: Core,
  sender: DeviceRecord,
  iq: BinaryNode,
) => BinaryNode[] | undefined;

const FAMILIES: Record<string, IqHandler> = {
  abt: answerAccountIq,
  blocklist: answerPrivacyIq,
  encrypt: answerEncryptIq,
  md: answerMdIq,
  passive: answerPassiveIq,
  privacy: answerPrivacyIq,
  status: answerAccountIq,
  'urn:xmpp:whatsapp:dirty': answerAccountIq,
  usync: answerUsyncIq,
  w: answerAccountIq,
  'w:biz': answerAccountIq,
  'w:g2': answerGroupIq,
  'w:m': answerMediaIq,
  'w:p': answerAccountIq,
  'w:profile:picture': answerPictureIq,
  'w:stats': answerAccountIq,
  'w:sync:app:state': answerAppStateIq,
};

const MAX_UNKNOWN = 500;

/** Answers an iq; what nobody knows gets 501 and is recorded. */
export function answerIq(core: Core, sender: DeviceRecord, iq: BinaryNode): BinaryNode {
  const { id, to = SERVER, xmlns = '' } = iq.attrs;
  try {
    const content = FAMILIES[xmlns]?.(core, sender, iq);
    if (content) return node('iq', { from: to, type: 'result', id }, content);
    record(core, sender, iq);
    throw new IqFailure(501, 'feature-not-implemented');
  } catch (error) {
    if (!(error instanceof IqFailure)) throw error;
    const { code, text } = error;
    const content = [node('error', { code: String(code), text })];
    return node('iq', { from: to, type: 'error', id }, content);
  }
}

function record(core: Core, { phone, index }: DeviceRecord, iq: BinaryNode): void {
  core.unknownIqs.push({
    at: Date.now(),
    phone,
    device: index,
    xmlns: iq.attrs.xmlns ?? '',
    type: iq.attrs.type ?? '',
    children: childrenOf(iq).map((child) => child.tag),
  });
  if (core.unknownIqs.length > MAX_UNKNOWN) core.unknownIqs.shift();
}
