import { noteMessage } from './messages.js';
import { type Chat, GroupMetadata, Msg, me, openChat } from './stores.js';
import type { Group, GroupEvent } from './talk.js';
import { chatWid, MsgKey, phoneWid } from './wid.js';

/** How WhatsApp Web calls what the wire tells of a group, where the two differ. */
const SUBTYPES: Record<string, string> = {
  announcement: 'announce',
  not_announcement: 'announce',
  locked: 'restrict',
  unlocked: 'restrict',
};

/** A group as it is now. */
export function noteGroup(group: Group): Chat {
  const id = chatWid(group.id);
  const chat = openChat(id);
  const metadata = chat.groupMetadata ?? new GroupMetadata({ id, isLidAddressingMode: false });
  metadata.set({
    subject: group.subject,
    owner: phoneWid(group.owner),
    creation: group.createdAt,
    desc: group.description,
    announce: group.announcement ?? false,
    restrict: group.locked ?? false,
    size: group.members.length,
  });
  metadata.setMembers(
    group.members.map(({ phone, role }) => ({
      id: phoneWid(phone),
      isAdmin: role !== 'member',
      isSuperAdmin: role === 'superadmin',
    })),
  );
  chat.groupMetadata = metadata;
  return chat.set({ name: group.subject, formattedTitle: group.subject }) as Chat;
}

/** What was done to a group, as the line that stands in its chat. */
export async function noteGroupEvent(event: GroupEvent): Promise<void> {
  const { group, by, action, phones, text } = event;
  const id = chatWid(group);
  const author = phoneWid(by);
  const fromMe = author._serialized === me().id._serialized;
  const leaving = action === 'remove' && phones.length === 1 && phones[0] === by;
  noteMessage(
    new Msg({
      id: new MsgKey({
        from: fromMe ? author : id,
        to: id,
        id: await MsgKey.newId(),
        participant: author,
        selfDir: fromMe ? 'out' : 'in',
      }),
      ack: 1,
      type: 'gp2',
      subtype: leaving ? 'leave' : (SUBTYPES[action] ?? action),
      t: Math.floor(Date.now() / 1000),
      from: id,
      to: me().id,
      author,
      recipients: phones.map((phone) => phoneWid(phone)._serialized),
      body: text,
      isNewMsg: true,
    }),
  );
}
