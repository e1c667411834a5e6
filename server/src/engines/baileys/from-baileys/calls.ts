import { isLidJid, normalizeJid } from '../../../whatsapp/jid.js';
import type { EngineEventOf } from '../../engine-events.js';
import {
  type BinaryNode,
  getAllBinaryNodeChildren,
  getBinaryNodeChild,
  getCallStatusFromNode,
} from '../baileys.js';

type CallEvent = EngineEventOf<'call'>;

const STATUS: Partial<Record<ReturnType<typeof getCallStatusFromNode>, CallEvent['status']>> = {
  offer: 'offered',
  accept: 'accepted',
  reject: 'rejected',
  terminate: 'ended',
  timeout: 'timeout',
};

/**
 * A call that begins or ends; the steps in between (ringing, relay measurements) are left out.
 * Shapes as rc14 reads them (`lib/Socket/messages-recv.js`, handleCall).
 */
export function eventFromCall(node: BinaryNode): CallEvent | undefined {
  const [step] = getAllBinaryNodeChildren(node);
  const callId = step?.attrs['call-id'];
  const from = step?.attrs.from || step?.attrs['call-creator'];
  const status = step && STATUS[getCallStatusFromNode(step)];
  if (!status || !callId || !from) return undefined;
  const { attrs } = step;
  const fromJid = normalizeJid(from);
  const group = attrs['group-jid'];
  const pn = attrs.caller_pn && normalizeJid(attrs.caller_pn);
  const seconds = Number(node.attrs.t);
  return {
    type: 'call',
    callId,
    chatJid: group ?? fromJid,
    fromJid,
    ...(pn && isLidJid(fromJid) && { fromAltJid: pn }),
    device: from,
    status,
    video: getBinaryNodeChild(step, 'video') !== undefined,
    group: group !== undefined || attrs.type === 'group',
    timestamp: seconds > 0 ? seconds * 1000 : Date.now(),
  };
}
