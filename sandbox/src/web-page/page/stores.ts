import { Collection, Emitter, Model } from './model.js';
import type { Person } from './talk.js';
import { MsgKey, Wid } from './wid.js';

/** States of the connection, as WhatsApp Web names them. */
class SocketModel extends Model {
  declare state: string;
  declare hasSynced: boolean;
  /** Set by the page's start, which knows the login. */
  logout: () => Promise<void> = async () => undefined;
  takeover: () => void = () => undefined;
  reconnect: () => void = () => undefined;
}

export const Socket = new SocketModel({ state: 'OPENING', hasSynced: false });

class ConnModel extends Model {
  declare ref: string | undefined;
  declare pushname: string;
  declare wid: Wid;
  declare platform: string;

  canSetMyPushname(): boolean {
    return false;
  }
}

export const Conn = new ConnModel({ ref: undefined, pushname: '', platform: 'android' });

export const Stream = Object.assign(new Emitter(), {
  markAvailable: () => undefined,
  markUnavailable: () => undefined,
});

export const Cmd = new Emitter();

/** A message as whatsapp-web.js reads it; which attributes there are depends on its type. */
export class Msg extends Model {
  declare id: MsgKey;
  declare type: string;
  declare ack: number;
  declare t: number;
  declare body: string | undefined;
  declare caption: string | undefined;
  declare from: Wid;
  declare to: Wid;
  declare author: Wid | undefined;
  declare isNewMsg: boolean;
  declare directPath: string | undefined;
  declare mimetype: string | undefined;
  declare filename: string | undefined;
  declare size: number | undefined;
  declare quotedMsg: object | undefined;
  declare quotedStanzaID: string | undefined;
  declare hasReaction: boolean | undefined;

  get isNotification(): boolean {
    return this.type === 'gp2';
  }

  /** Of messages with a file: it is there for the asking. */
  get mediaData(): { mediaStage: string } | undefined {
    return this.directPath ? { mediaStage: 'RESOLVED' } : undefined;
  }

  get mediaObject(): object | undefined {
    return this.directPath ? {} : undefined;
  }

  /** The model itself, without the guards that the real one has around it. */
  unsafe(): this {
    return this;
  }

  /** What an answer to this message carries of it. */
  msgContextInfo(): object {
    const { type, body, caption, mimetype } = this;
    return {
      quotedMsg: { type, body, caption, mimetype },
      quotedStanzaID: this.id.id,
      quotedParticipant: this.author ?? this.from,
    };
  }
}

/** How long a chat is silent: seconds since 1970, 0: it is not, -1: for ever. */
export class Mute extends Model {
  declare expiration: number;
  /** Set by who can ask the phone for it. */
  static change: (mute: Mute, expiration: number) => Promise<void> = async () => undefined;

  get isMuted(): boolean {
    return this.expiration !== 0;
  }

  async mute({ expiration }: { expiration: number }): Promise<void> {
    await Mute.change(this, expiration);
  }

  async unmute(): Promise<void> {
    await Mute.change(this, 0);
  }
}

export class Chat extends Model {
  declare id: Wid;
  declare t: number;
  declare name: string;
  declare formattedTitle: string;
  declare unreadCount: number;
  declare archive: boolean;
  declare pin: number;
  declare mute: Mute;
  declare groupMetadata: GroupMetadata | undefined;
  declare lastReceivedKey: MsgKey | undefined;
  readonly #msgs = new Collection<Msg>();
  /** What is in the page's database and not in its memory, oldest first. */
  readonly #earlier: Msg[] = [];

  get earlier(): Msg[] {
    return this.#earlier;
  }

  get msgs(): Collection<Msg> {
    return this.#msgs;
  }

  /** Whether the account may change the group. */
  iAmAdmin(): boolean {
    return this.groupMetadata?.participants.get(me().id)?.isAdmin ?? false;
  }

  override serialize(): Record<string, unknown> {
    const msgs = this.#msgs.getModelsArray().map(({ id }) => id._serialized);
    const groupMetadata = this.groupMetadata?.serialize();
    return { ...super.serialize(), msgs, ...(groupMetadata && { groupMetadata }) };
  }
}

class Participant extends Model {
  declare id: Wid;
  declare isAdmin: boolean;
  declare isSuperAdmin: boolean;
}

export class GroupMetadata extends Model {
  declare id: Wid;
  declare subject: string;
  declare owner: Wid;
  declare creation: number;
  declare desc: string | undefined;
  declare descId: string | undefined;
  declare announce: boolean;
  declare restrict: boolean;
  readonly participants = new Collection<Participant>();

  override serialize(): Record<string, unknown> {
    return { ...super.serialize(), participants: this.participants.serialize() };
  }

  setMembers(members: { id: Wid; isAdmin: boolean; isSuperAdmin: boolean }[]): void {
    for (const gone of this.participants.getModelsArray()) this.participants.remove(gone);
    for (const member of members) this.participants.add(new Participant(member));
  }
}

export class Contact extends Model {
  declare id: Wid;
  declare lid: Wid;
  declare name: string;
  declare pushname: string;
  declare formattedName: string;
  declare isMe: boolean;
}

export const Msgs = new Collection<Msg>();
export const Chats = new Collection<Chat>();
export const Contacts = new Collection<Contact>();

/** @throws before the page is linked */
export function me(): Contact {
  const found = Contacts.filter(({ isMe }) => isMe)[0];
  if (!found) throw new Error('nobody is logged in');
  return found;
}

export function isLinked(): boolean {
  return Contacts.filter(({ isMe }) => isMe).length > 0;
}

export function noteContact({ phone, lid, name }: Person, isMe = false): Contact {
  const id = new Wid(`${phone}@c.us`);
  const known = Contacts.get(id);
  if (known) return known.set({ name, pushname: name, formattedName: name });
  const about = { name, pushname: name, formattedName: name, type: 'in', isMe };
  return Contacts.add(new Contact({ id, lid: new Wid(lid), ...about }));
}

/** The chat of this name, a new one if there is none. */
export function openChat(id: Wid): Chat {
  const known = Chats.get(id);
  if (known) return known;
  const name = Contacts.get(id)?.name ?? id.user;
  const mute = new Mute({ expiration: 0 });
  const chat = {
    id,
    t: 0,
    name,
    formattedTitle: name,
    unreadCount: 0,
    archive: false,
    pin: 0,
    mute,
  };
  return Chats.add(new Chat(chat));
}
