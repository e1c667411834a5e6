import type { MessageContent } from '@patchbay/contract';
import { normalizeJid, parseJid } from '../../../whatsapp/jid.js';
import { proto, type WAMessage } from '../baileys.js';
import { timerContent } from './actions.js';

const Stub = proto.WebMessageInfo.StubType;

type Describe = (parameters: string[]) => string;

/** Participants come as JSON of `{ id, phoneNumber?, lid? }` since rc10, as bare jids before. */
function jidsIn(parameters: string[]): string[] {
  return parameters.map((parameter) => {
    if (!parameter.startsWith('{')) return normalizeJid(parameter);
    const { id, phoneNumber } = JSON.parse(parameter) as { id: string; phoneNumber?: string };
    return normalizeJid(phoneNumber ?? id);
  });
}

/** As texts name people: `@` and the user part; `people` has the jids. */
const people = (parameters: string[]) => jidsIn(parameters).map(mention).join(', ');
const mention = (jid: string) => `@${parseJid(jid)?.user ?? jid}`;

const onOff = ([state]: string[]) => (state === 'on' || state === 'true' ? 'on' : 'off');

const DESCRIPTIONS: Partial<Record<proto.WebMessageInfo.StubType, Describe>> = {
  [Stub.GROUP_CREATE]: ([subject]) => `Group "${subject ?? ''}" created`,
  [Stub.GROUP_CHANGE_SUBJECT]: ([subject]) => `Subject changed to "${subject ?? ''}"`,
  [Stub.GROUP_CHANGE_DESCRIPTION]: () => 'Description changed',
  [Stub.GROUP_CHANGE_ICON]: () => 'Picture changed',
  [Stub.GROUP_CHANGE_INVITE_LINK]: () => 'Invite link changed',
  [Stub.GROUP_CHANGE_ANNOUNCE]: (on) => `Only admins can write: ${onOff(on)}`,
  [Stub.GROUP_CHANGE_RESTRICT]: (on) => `Only admins can change the group: ${onOff(on)}`,
  [Stub.GROUP_MEMBERSHIP_JOIN_APPROVAL_MODE]: (on) => `Admins decide who comes in: ${onOff(on)}`,
  [Stub.GROUP_PARTICIPANT_ADD]: (added) => `Added: ${people(added)}`,
  [Stub.GROUP_PARTICIPANT_INVITE]: (joined) => `Joined by link: ${people(joined)}`,
  [Stub.GROUP_PARTICIPANT_REMOVE]: (removed) => `Removed: ${people(removed)}`,
  [Stub.GROUP_PARTICIPANT_LEAVE]: (left) => `Left: ${people(left)}`,
  [Stub.GROUP_PARTICIPANT_PROMOTE]: (admins) => `Now admin: ${people(admins)}`,
  [Stub.GROUP_PARTICIPANT_DEMOTE]: (members) => `No longer admin: ${people(members)}`,
  [Stub.CALL_MISSED_VOICE]: () => 'Missed call',
  [Stub.CALL_MISSED_VIDEO]: () => 'Missed video call',
  [Stub.CALL_MISSED_GROUP_VOICE]: () => 'Missed group call',
  [Stub.CALL_MISSED_GROUP_VIDEO]: () => 'Missed group video call',
  [Stub.E2E_IDENTITY_CHANGED]: () => 'Security code changed',
};

/** Notices whose parameters are people. */
const ABOUT_PEOPLE: readonly proto.WebMessageInfo.StubType[] = [
  Stub.GROUP_PARTICIPANT_ADD,
  Stub.GROUP_PARTICIPANT_INVITE,
  Stub.GROUP_PARTICIPANT_REMOVE,
  Stub.GROUP_PARTICIPANT_LEAVE,
  Stub.GROUP_PARTICIPANT_PROMOTE,
  Stub.GROUP_PARTICIPANT_DEMOTE,
];

/** What a message without content stands for: one that could not be read, or a notice. */
export function contentFromStub(message: WAMessage): MessageContent | undefined {
  const { messageStubType: stub } = message;
  if (!stub) return undefined;
  const parameters = (message.messageStubParameters as string[] | undefined) ?? [];
  if (stub === Stub.CIPHERTEXT)
    return { type: 'undecryptable', reason: parameters[0] ?? 'unknown' };
  if (stub === Stub.REVOKE) return { type: 'revoke', targetId: message.key.id ?? '' };
  if (stub === JOIN_REQUEST) return joinRequest(parameters);
  if (stub === Stub.CHANGE_EPHEMERAL_SETTING) return timerContent(Number(parameters[0]) || 0);
  const action = (Stub[stub] ?? `notice_${stub}`).toLowerCase();
  const text = DESCRIPTIONS[stub]?.(parameters) ?? action.replaceAll('_', ' ');
  const about = ABOUT_PEOPLE.includes(stub) && { people: jidsIn(parameters) };
  return { type: 'system', text, action, ...about };
}

const JOIN_REQUEST = Stub.GROUP_MEMBERSHIP_JOIN_APPROVAL_REQUEST_NON_ADMIN_ADD;

/** Who asked to be let in, or no longer does: rc14 gives `{ lid, pn }`, what happened, and how. */
function joinRequest([who = '{}', what = 'created']: string[]): MessageContent {
  const { lid, pn } = JSON.parse(who) as { lid?: string; pn?: string };
  const jid = normalizeJid(pn ?? lid ?? '');
  const texts: Record<string, string> = {
    created: `Asks to be let in: ${mention(jid)}`,
    revoked: `No longer asks to be let in: ${mention(jid)}`,
    rejected: `Was not let in: ${mention(jid)}`,
  };
  const text = texts[what] ?? `Asked to be let in: ${mention(jid)}`;
  return { type: 'system', text, action: `join_request_${what}`, ...(jid && { people: [jid] }) };
}
