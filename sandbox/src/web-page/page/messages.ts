import { type Chat, Chats, Contacts, Msg, Msgs, me, openChat } from './stores.js';
import type { Entry, FileFacts, Meeting } from './talk.js';
import { chatWid, MsgKey, phoneWid, type Wid } from './wid.js';

const byStanza = new Map<string, Msg>();

/** The message that went over the wire under this id. */
export const messageOf = (id: string): Msg | undefined => byStanza.get(id);

/** Puts a message in its chat. @param silent nobody is told */
export function noteMessage(msg: Msg, { silent = false } = {}): Msg {
  const chat = openChat(msg.id.remote);
  byStanza.set(msg.id.id, msg);
  chat.msgs.add(msg, { silent: true });
  chat.lastReceivedKey = msg.id;
  chat.t = Math.max(chat.t, msg.t);
  return Msgs.add(msg, { silent });
}

/** Puts a message in its chat, in the database alone. */
export function keepMessage(msg: Msg): void {
  const chat = openChat(msg.id.remote);
  byStanza.set(msg.id.id, msg);
  chat.earlier.push(msg);
  chat.lastReceivedKey = msg.id;
  chat.t = Math.max(chat.t, msg.t);
}

/** Brings the newest messages of a chat that are in the database alone into memory. */
export function loadEarlier(chat: Chat, most: number): Msg[] {
  return takeIntoMemory(chat, chat.earlier.splice(-most));
}

/** Brings a message into memory that is in the database alone. */
export function recall(msg: Msg): Msg {
  const chat = openChat(msg.id.remote);
  const at = chat.earlier.indexOf(msg);
  if (at >= 0) takeIntoMemory(chat, chat.earlier.splice(at, 1));
  return msg;
}

function takeIntoMemory(chat: Chat, msgs: Msg[]): Msg[] {
  chat.msgs.addBefore(msgs);
  // Changes are told by the collection of all.
  Msgs.addBefore(msgs);
  return msgs;
}

/** Takes a message away here only. */
export function dropMessage(msg: Msg): void {
  recall(msg);
  byStanza.delete(msg.id.id);
  Chats.get(msg.id.remote)?.msgs.remove(msg);
  msg.belongTo(Msgs);
  Msgs.remove(msg);
}

/** The key of a message of the phone's log. */
export function keyOf({ id, chat, from, fromMe }: Pick<Entry, 'id' | 'chat' | 'from' | 'fromMe'>) {
  const remote = chatWid(chat);
  const many = remote.server !== 'c.us';
  return new MsgKey({
    from: fromMe ? me().id : remote,
    to: fromMe ? remote : me().id,
    id,
    participant: many ? phoneWid(from) : undefined,
    selfDir: fromMe ? 'out' : 'in',
  });
}

/** A message of the phone's log as WhatsApp Web has it. */
export function readEntry(entry: Entry, isNewMsg: boolean): Msg {
  const id = keyOf(entry);
  const { fromMe, from, quoted, mentions, forwarded } = entry;
  return new Msg({
    id,
    ack: entry.ack,
    t: Math.floor(Date.parse(entry.at) / 1000),
    from: fromMe ? me().id : id.remote,
    to: fromMe ? id.remote : me().id,
    ...(id.participant && { author: phoneWid(from) }),
    self: fromMe ? 'out' : 'in',
    isNewMsg,
    star: false,
    broadcast: false,
    notifyName: Contacts.get(phoneWid(from))?.pushname,
    ...(quoted && {
      quotedMsg: { type: 'chat', body: quoted.text },
      quotedStanzaID: quoted.id,
      quotedParticipant: phoneWid(quoted.from),
    }),
    mentionedJidList: (mentions ?? []).map(phoneWid),
    ...(forwarded && { isForwarded: true, forwardingScore: forwarded }),
    ...(entry.viewOnce && { isViewOnce: true }),
    ...(entry.revoked ? { type: 'revoked' } : contentOf(entry)),
  });
}

function contentOf(entry: Entry): object {
  const { text, media, file, place, contacts, poll, invite, event } = entry;
  if (media && file) return { ...fileOf(media), ...file, caption: text };
  if (place) return placeOf(entry);
  if (contacts) return cardsOf(contacts);
  if (poll) {
    const pollOptions = poll.options.map((name, localId) => ({ name, localId }));
    const pollSelectableOptionsCount = poll.selectableCount;
    return { type: 'poll_creation', pollName: text, pollOptions, pollSelectableOptionsCount };
  }
  if (invite) {
    const { group, subject, code, expiresAt } = invite;
    return {
      type: 'groups_v4_invite',
      body: text,
      inviteGrp: group,
      inviteGrpName: subject,
      inviteCode: code,
      inviteCodeExp: expiresAt ? Date.parse(expiresAt) / 1000 : 0,
    };
  }
  if (event) return meetingOf(event);
  return entry.kind === 'text' ? { type: 'chat', body: text } : { type: 'unknown', body: '' };
}

function fileOf({ kind, seconds, voice, gif, thumbnail, waveform, ...facts }: FileFacts): object {
  return {
    ...facts,
    type: kind === 'audio' && voice ? 'ptt' : kind,
    mediaKeyTimestamp: Math.floor(Date.now() / 1000),
    body: thumbnail,
    ...(seconds && { duration: String(seconds) }),
    ...(gif && { isGif: true }),
    ...(waveform && { waveform }),
  };
}

function meetingOf({ name, description, startsAt, endsAt, place, joinLink }: Meeting): object {
  return {
    type: 'event_creation',
    eventName: name,
    eventDescription: description,
    eventStartTime: Date.parse(startsAt) / 1000,
    ...(endsAt && { eventEndTime: Date.parse(endsAt) / 1000 }),
    ...(place && { eventLocation: place }),
    ...(joinLink && { eventJoinLink: joinLink }),
  };
}

function placeOf({ place, text }: Entry): object {
  const { latitude, longitude, name, address, url, live } = place!;
  const loc = name && address ? `${name}\n${address}` : (name ?? address);
  return {
    type: 'location',
    lat: latitude,
    lng: longitude,
    loc,
    clientUrl: url,
    isLive: live ?? false,
    ...(live && { caption: text }),
  };
}

function cardsOf(contacts: NonNullable<Entry['contacts']>): object {
  const [one] = contacts;
  if (one && contacts.length === 1) {
    return { type: 'vcard', body: one.vcard, vcardFormattedName: one.name };
  }
  const vcardList = contacts.map(({ name, vcard }) => ({ displayName: name, vcard }));
  return { type: 'multi_vcard', body: '', vcardList };
}

/** What a message answers, as a message of its own. */
export function quotedBy(msg: Msg): Msg | undefined {
  const { quotedMsg, quotedStanzaID } = msg;
  if (!quotedMsg || !quotedStanzaID) return undefined;
  const known = messageOf(quotedStanzaID);
  if (known) return known;
  const quotedParticipant = (msg as unknown as { quotedParticipant: Wid }).quotedParticipant;
  const { remote } = msg.id;
  const id = new MsgKey({
    from: remote,
    to: me().id,
    id: quotedStanzaID,
    participant: remote.server === 'c.us' ? undefined : quotedParticipant,
  });
  return new Msg({ ...quotedMsg, id, ack: 0, t: msg.t, from: quotedParticipant, to: remote });
}
