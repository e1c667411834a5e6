import type { proto } from 'baileys/WAProto/index.js';
import { markRead, sendTyping, setAvailable } from '../phone/actions.js';
import { changeChatSettings, modificationsFor } from '../phone/chat-settings.js';
import { isGroupJid } from '../phone/directory.js';
import { createGroup, type GroupInfo, listGroups } from '../phone/group-messages.js';
import { say } from '../phone/kinds/say.js';
import { contextOf } from '../phone/kinds/write.js';
import type { PhoneMessage } from '../phone/message-log.js';
import { sendMessage } from '../phone/outgoing.js';
import type { Phone } from '../phone/phone.js';
import type { PhoneContext } from '../phone/phone-context.js';
import { PhoneError } from '../phone/phone-error.js';
import { describeFile } from '../phone/phone-media.js';
import {
  changeGroup,
  changeMembers,
  inviteCode,
  joinGroup,
  leaveGroup,
  pictureUrl,
  resetInviteCode,
  setPicture,
} from '../phone/profile.js';
import type { Account } from '../protocol/seam.js';
import type { Group, Outgoing, Person, Requests } from './page/talk.js';
import { ackOf } from './page-entries.js';

/** What a linked page can ask of the phone that speaks for it. */
type LinkedRequest = Exclude<keyof Requests, 'pairingCode' | 'refreshRef' | 'unlink'>;

type Handlers = {
  [Name in LinkedRequest]: (
    context: PhoneContext,
    ask: Requests[Name]['ask'],
  ) => Promise<Requests[Name]['answer']>;
};

const HANDLERS: Handlers = {
  send: async (context, outgoing) => ({ ack: ackOf(await send(context, outgoing)) }),
  read: async (context, { chat }) => {
    markRead(context, chat);
    return null;
  },
  setting: async (context, { chat, change }) => {
    for (const one of modificationsFor(change)) await changeChatSettings(context, chat, one);
    return null;
  },
  typing: async (context, { chat, state }) => {
    sendTyping(context, chat, state);
    return null;
  },
  available: async (context, { available }) => {
    setAvailable(context, available);
    return null;
  },
  exists: async ({ directory }, { phone }) => {
    const account = directory.byPhone(phone);
    return account ? personOf(account) : null;
  },
  picture: async (context, { of }) => {
    const jid = context.directory.byPhone(of)?.pn ?? of;
    return (await pictureUrl(context, jid)) ?? null;
  },
  setPicture: async (context, { of, jpeg }) => {
    const group = isGroupJid(of) ? of : undefined;
    await setPicture(context, jpeg === null ? undefined : Buffer.from(jpeg, 'base64'), group);
    return null;
  },
  groups: async (context) => await groupsOf(context),
  createGroup: async (context, { subject, phones }) => {
    const members = phones.flatMap((phone) => context.directory.byPhone(phone) ?? []);
    return groupOf(await createGroup(context, subject, members));
  },
  changeGroup: async (context, { group, change }) => {
    await changeGroup(context, group, change);
    return null;
  },
  changeMembers: async (context, { group, action, phones }) => {
    await changeMembers(context, group, action, phones);
    return null;
  },
  leaveGroup: async (context, { group }) => {
    await leaveGroup(context, group);
    return null;
  },
  inviteCode: async (context, { group, anew }) => {
    if (anew) await resetInviteCode(context, group);
    return await inviteCode(context, group);
  },
  joinGroup: async (context, { code }) => {
    const joined = await joinGroup(context, code);
    if (!joined) throw new PhoneError('refused', 'The group lets in only whom its admins approve.');
    return joined;
  },
};

/** Does what a page asks, as a step of its phone. @throws PhoneError */
export function fulfil<Name extends LinkedRequest>(
  phone: Phone,
  name: Name,
  ask: Requests[Name]['ask'],
): Promise<Requests[Name]['answer']> {
  return phone.run((context) => HANDLERS[name](context, ask));
}

export function isLinkedRequest(name: string): name is LinkedRequest {
  return name in HANDLERS;
}

export async function groupsOf(context: PhoneContext): Promise<Group[]> {
  return (await listGroups(context)).map(groupOf);
}

export function personOf({ phone, lid, name }: Account): Person {
  return { phone, lid, name };
}

function groupOf({ id, participants, ...about }: GroupInfo): Group {
  const members = participants.map(({ phone, admin }) => {
    const role = admin ? 'admin' : 'member';
    return { phone, role: phone === about.owner && admin ? 'superadmin' : role } as const;
  });
  return { id, members, ...about };
}

async function send(context: PhoneContext, outgoing: Outgoing): Promise<PhoneMessage> {
  const { id, chat, what, ...beside } = outgoing;
  if (what.kind !== 'file') return await say(context, chat, { ...beside, ...what }, id);
  const { facts, sealed, caption, viewOnce } = what;
  const bytes = (base64: string) => Buffer.from(base64, 'base64');
  const content = describeFile(
    context.server,
    {
      directPath: sealed.directPath,
      mediaKey: bytes(sealed.mediaKey),
      fileSha256: bytes(sealed.filehash),
      fileEncSha256: bytes(sealed.encFilehash),
    },
    { ...facts, caption },
  );
  const said = content[`${facts.kind}Message`];
  if (said) Object.assign(said, { contextInfo: contextOf(context, chat, beside) });
  return await sendMessage(context, chat, viewOnce ? onceOnly(content) : content, id);
}

function onceOnly(message: proto.IMessage): proto.IMessage {
  return message.audioMessage
    ? { viewOnceMessageV2Extension: { message } }
    : { viewOnceMessageV2: { message } };
}
