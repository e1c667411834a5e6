import { randomBytes } from 'node:crypto';
import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import { acknowledge } from './incoming.js';
import type { PhoneContext } from './phone-context.js';
import { PhoneError } from './phone-error.js';

export type CallState = 'ringing' | 'rejected' | 'accepted' | 'ended';

/** A call as a phone knows it; signalled only, nobody ever hears anything. */
export interface PhoneCall {
  id: string;
  /** Phone digits of the other side. */
  with: string;
  fromMe: boolean;
  video: boolean;
  state: CallState;
}

const PREFIX = 'calls/';
const STATES: Record<string, CallState> = {
  offer: 'ringing',
  accept: 'accepted',
  reject: 'rejected',
  terminate: 'ended',
};

export function calls(context: PhoneContext): PhoneCall[] {
  return context.records.list(PREFIX).map(({ value }) => JSON.parse(value.toString()) as PhoneCall);
}

/** Rings at all devices of another account. @throws PhoneError */
export function startCall(context: PhoneContext, phone: string, video: boolean): PhoneCall {
  if (!context.directory.byPhone(phone)) {
    throw new PhoneError('unknown_recipient', `Nobody has the number ${phone} here.`);
  }
  const id = randomBytes(16).toString('hex').toUpperCase();
  const call: PhoneCall = { id, with: phone, fromMe: true, video, state: 'ringing' };
  signal(context, call, 'offer', [media('audio'), ...(video ? [media('video')] : [])]);
  return keep(context, call);
}

/** Hangs up: a call that rang, or rings. @throws PhoneError */
export function endCall(context: PhoneContext, id: string): PhoneCall {
  const call = context.records.getJson<PhoneCall>(PREFIX + id);
  if (!call) throw new PhoneError('unknown_call', `There is no call ${id}.`);
  signal(context, call, call.fromMe || call.state === 'accepted' ? 'terminate' : 'reject');
  return keep(context, { ...call, state: call.fromMe ? 'ended' : 'rejected' });
}

/** A call's signal from another device. */
export function receiveCall(context: PhoneContext, stanza: BinaryNode): void {
  const [info] = Array.isArray(stanza.content) ? stanza.content : [];
  const id = info?.attrs['call-id'];
  const state = STATES[info?.tag ?? ''];
  const other = context.directory.byJid(stanza.attrs.from ?? '')?.phone;
  if (info && id && state && other) {
    const video = Array.isArray(info.content) && info.content.some(({ tag }) => tag === 'video');
    const known = context.records.getJson<PhoneCall>(PREFIX + id);
    const call = known ?? { id, with: other, fromMe: false, video, state };
    keep(context, { ...call, state });
  }
  acknowledge(context, stanza);
}

function keep(context: PhoneContext, call: PhoneCall): PhoneCall {
  context.records.setJson(PREFIX + call.id, call);
  context.tell({ type: 'call', call });
  return call;
}

function signal(
  context: PhoneContext,
  { id, with: other, fromMe }: PhoneCall,
  tag: string,
  content?: BinaryNode[],
): void {
  const self = context.account();
  const creator = fromMe ? self : context.directory.byPhone(other);
  const info: BinaryNode = {
    tag,
    attrs: {
      'call-id': id,
      'call-creator': creator?.lid ?? '',
      ...(fromMe && { caller_pn: self.pn }),
    },
    ...(content && { content }),
  };
  context.send({
    tag: 'call',
    attrs: {
      to: context.directory.byPhone(other)?.lid ?? '',
      id: randomBytes(8).toString('hex').toUpperCase(),
    },
    content: [info],
  });
}

function media(tag: string): BinaryNode {
  return { tag, attrs: { enc: 'opus', rate: '16000' } };
}
