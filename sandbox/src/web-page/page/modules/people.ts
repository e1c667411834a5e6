import { line } from '../line.js';
import { messageOf, recall } from '../messages.js';
import { Collection, Emitter, type Identified } from '../model.js';
import {
  type Chat,
  Chats,
  type Contact,
  Contacts,
  Msg,
  Msgs,
  me,
  noteContact,
  openChat,
} from '../stores.js';
import { chatOf, createWid, type Wid, type WidLike } from '../wid.js';
import { findReactions } from './addons.js';
import { groupMetadataCollection } from './groups.js';

/** The phone number of a LID; anything else as it is. */
function toPn(like: WidLike): Wid | undefined {
  const wid = createWid(like);
  if (!wid.isLid()) return wid;
  return Contacts.filter(({ lid }) => lid._serialized === wid._serialized)[0]?.id;
}

async function queryWidExists(like: WidLike): Promise<{ wid: Wid; biz: boolean } | null> {
  const wid = toPn(like);
  const person = wid && (await line.request('exists', { phone: wid.user }));
  return person ? { wid: noteContact(person).id, biz: false } : null;
}

/** @throws where there is nobody and no group of this name */
async function findChat(like: WidLike): Promise<Chat> {
  const wid = createWid(like);
  const known = Chats.get(toPn(wid) ?? wid);
  if (known) return known;
  const found = wid.isUser() ? await queryWidExists(wid) : null;
  if (!found) throw new Error(`No LID for user ${wid}`);
  return openChat(found.wid);
}

async function findContact(like: WidLike): Promise<Contact> {
  const wid = toPn(like);
  const known = Contacts.get(wid);
  if (known) return known;
  const found = wid && (await queryWidExists(wid));
  const contact = found && Contacts.get(found.wid);
  if (!contact) throw new Error(`nobody has the number ${createWid(like).user}`);
  return contact;
}

async function messagesById(ids: string[]): Promise<{ messages: Msg[] }> {
  const found = ids.map((id) => Msgs.get(id) ?? messageOf(id.split('_')[2] ?? ''));
  return { messages: found.filter((msg) => msg !== undefined).map(recall) };
}

async function pictureOf(of: Chat | Wid): Promise<{ eurl: string } | undefined> {
  const wid = 'id' in of ? createWid(of.id) : createWid(of);
  const eurl = await line.request('picture', { of: chatOf(toPn(wid) ?? wid) });
  return eurl === null ? undefined : { eurl };
}

async function setPicture(of: Wid, jpeg: string | null): Promise<{ status: number }> {
  await line.request('setPicture', { of: chatOf(of), jpeg });
  return { status: 200 };
}

/** Pictures as far as they are asked for: whether the account may change one. */
const thumbOf = (id: WidLike) => {
  const wid = createWid(id);
  const mine = wid._serialized === me().id._serialized || wid.isGroup();
  return { canSet: () => mine, canDelete: () => mine };
};

/** Ringing calls; whatsapp-web.js listens by replacing the map's `set`. */
class CallCollection extends Emitter {
  readonly calls = new Map<string, object>();
}

export const calls = new CallCollection();

const vcardOf = ({ name, id }: Contact) => ({
  displayName: name,
  vcard: `BEGIN:VCARD\nVERSION:3.0\nFN:${name}\nTEL;type=CELL;waid=${id.user}:+${id.user}\nEND:VCARD`,
});

export const peopleModules = {
  WAWebCollections: {
    Msg: Object.assign(Msgs, { modelClass: Msg, getMessagesById: messagesById }),
    Chat: Object.assign(Chats, { find: findChat }),
    Contact: Object.assign(Contacts, { find: findContact }),
    GroupMetadata: groupMetadataCollection,
    Reactions: { find: findReactions },
    ProfilePicThumb: { get: thumbOf, find: async (id: WidLike) => thumbOf(id) },
    Blocklist: new Collection<Identified>(),
  },
  WAWebSyncGatingUtils: {},
  WAWebCallCollection: calls,
  WAWebWidFactory: {
    createWid,
    createWidFromWidLike: createWid,
    asUserWidOrThrow: (like: WidLike) => {
      const wid = createWid(like);
      if (!wid.isUser()) throw new Error(`${wid} is nobody's`);
      return wid;
    },
  },
  WAWebFindChatAction: {
    findOrCreateLatestChat: async (like: WidLike) => ({ chat: await findChat(like) }),
  },
  WAWebQueryExistsJob: { queryWidExists },
  WAWebApiContact: {
    getPhoneNumber: (like: WidLike) => toPn(like),
    getCurrentLid: (like: WidLike) => Contacts.get(toPn(like))?.lid,
    getAlternateUserWid: (like: WidLike) =>
      createWid(like).isLid() ? toPn(like) : Contacts.get(createWid(like))?.lid,
  },
  WAWebLidMigrationUtils: { toPn },
  WAWebContactCollection: { getMeContact: me },
  WAWebContactGetters: {
    getIsMe: ({ isMe }: Contact) => isMe,
    getIsUser: ({ id }: Contact) => id.isUser(),
    getIsGroup: ({ id }: Contact) => id.isGroup(),
    getIsWAContact: () => true,
    getUserid: ({ id }: Contact) => id.user,
    getVerifiedName: () => undefined,
    getVerifiedLevel: () => undefined,
    getStatusMute: () => false,
    getName: ({ name }: Contact) => name,
    getShortName: ({ name }: Contact) => name.split(' ')[0],
    getPushname: ({ pushname }: Contact) => pushname,
    getIsEnterprise: () => false,
  },
  WAWebFrontendContactGetters: { getIsMyContact: ({ isMe }: Contact) => !isMe },
  WAWebFrontendVcardUtils: { vcardFromContactModel: vcardOf },
  WAWebContactProfilePicThumbBridge: {
    requestProfilePicFromServer: pictureOf,
    sendSetPicture: (of: Wid, _thumbnail: string, picture: string) =>
      setPicture(of, picture.split(',')[1] ?? ''),
    requestDeletePicture: (of: Wid) => setPicture(of, null),
  },
  WAWebPresenceChatAction: {
    sendPresenceAvailable: () => line.request('available', { available: true }),
    sendPresenceUnavailable: () => line.request('available', { available: false }),
  },
};
