import { randomBytes } from 'node:crypto';
import { proto } from 'baileys/WAProto/index.js';
import { isSharedJid } from '../directory.js';
import { unwrap } from '../envelopes.js';
import { decodeContent } from '../message-content.js';
import type { PhoneMessage } from '../message-log.js';
import type { PhoneContext } from '../phone-context.js';
import { PhoneError } from '../phone-error.js';
import { secretOf } from './answers.js';
import { ANSWERS, optionHash, type Sealing, seal } from './secrets.js';
import type { Response, ShownEvent, ShownPlace } from './shown.js';

export interface Beside {
  /** Id of the message that it answers. */
  quoted?: string | undefined;
  /** Phone digits. */
  mentions?: string[] | undefined;
  /** How often it was passed on. */
  forwarded?: number | undefined;
}

/** What a person can say on a phone. */
export type Saying = Beside &
  (
    | {
        kind: 'text';
        text: string;
        preview?:
          | { url: string; title?: string; description?: string; thumbnail?: string }
          | undefined;
        background?: string | undefined;
        font?: number | undefined;
      }
    | { kind: 'location'; place: ShownPlace }
    | { kind: 'contact'; contacts: { name: string; vcard: string }[] }
    | { kind: 'poll'; name: string; options: string[]; selectableCount?: number | undefined }
    | { kind: 'event'; event: ShownEvent }
    | {
        kind: 'group_invite';
        invite: { group: string; subject: string; code: string };
        text?: string | undefined;
      }
    | { kind: 'reaction'; target: string; emoji: string }
    | { kind: 'edit'; target: string; text: string }
    | { kind: 'revoke'; target: string }
    | { kind: 'poll_vote'; target: string; options: string[] }
    | {
        kind: 'event_response';
        target: string;
        response: Response;
        extraGuests?: number | undefined;
      }
    | { kind: 'pin'; target: string; pinned: boolean; seconds?: number | undefined }
    | { kind: 'timer'; seconds: number }
    | { kind: 'forward'; target: string }
  );

const ProtocolType = proto.Message.ProtocolMessage.Type;
const seconds = (iso: string) => Math.floor(Date.parse(iso) / 1000);

/** The message as a real phone would send it. @throws PhoneError `unknown_message` */
export function write(context: PhoneContext, chat: string, saying: Saying): proto.IMessage {
  if ('target' in saying) return writeAction(context, chat, saying);
  const contextInfo = contextOf(context, chat, saying);
  const secret = { messageContextInfo: { messageSecret: randomBytes(32) } };
  switch (saying.kind) {
    case 'text':
      return writeText(saying, contextInfo);
    case 'location':
      return writePlace(saying.place, contextInfo);
    case 'contact': {
      const cards = saying.contacts.map(({ name, vcard }) => ({ displayName: name, vcard }));
      const [one] = cards;
      if (one && cards.length === 1) return { contactMessage: { ...one, contextInfo } };
      const displayName = `${cards.length} contacts`;
      return { contactsArrayMessage: { displayName, contacts: cards, contextInfo } };
    }
    case 'poll': {
      const { name, selectableCount = 1 } = saying;
      const options = saying.options.map((optionName) => ({ optionName }));
      const poll = { name, options, selectableOptionsCount: selectableCount, contextInfo };
      return selectableCount === 1
        ? { pollCreationMessageV3: poll, ...secret }
        : { pollCreationMessage: poll, ...secret };
    }
    case 'event':
      return { eventMessage: { ...eventFields(saying.event), contextInfo }, ...secret };
    case 'group_invite': {
      const { group, subject, code } = saying.invite;
      const named = { groupJid: group, groupName: subject, inviteCode: code };
      return { groupInviteMessage: { ...named, caption: saying.text ?? null, contextInfo } };
    }
    case 'timer': {
      const type = ProtocolType.EPHEMERAL_SETTING;
      return { protocolMessage: { type, ephemeralExpiration: saying.seconds } };
    }
  }
}

function writeText(
  { text, preview, background, font }: Extract<Saying, { kind: 'text' }>,
  contextInfo: proto.IContextInfo | null,
): proto.IMessage {
  if (!contextInfo && !preview && !background) return { conversation: text };
  const { thumbnail } = preview ?? {};
  return {
    extendedTextMessage: {
      text,
      contextInfo,
      ...(preview && {
        matchedText: preview.url,
        title: preview.title ?? null,
        description: preview.description ?? null,
        jpegThumbnail: thumbnail ? Buffer.from(thumbnail, 'base64') : null,
      }),
      ...(background && {
        backgroundArgb: Number.parseInt(`ff${background.slice(1)}`, 16),
        font: font ?? 0,
      }),
    },
  };
}

function writePlace(place: ShownPlace, contextInfo: proto.IContextInfo | null): proto.IMessage {
  const position = {
    degreesLatitude: place.latitude,
    degreesLongitude: place.longitude,
    accuracyInMeters: place.accuracy ?? null,
    contextInfo,
  };
  if (!place.live) {
    const { name = null, address = null, url = null } = place;
    return { locationMessage: { ...position, name, address, url } };
  }
  return {
    liveLocationMessage: {
      ...position,
      caption: place.caption ?? null,
      speedInMps: place.speed ?? null,
      degreesClockwiseFromMagneticNorth: place.heading ?? null,
      sequenceNumber: place.sequence ?? 1,
    },
  };
}

function eventFields(event: ShownEvent): proto.Message.IEventMessage {
  const { name, description = null, startsAt, endsAt, place, joinLink = null } = event;
  return {
    name,
    description,
    joinLink,
    startTime: seconds(startsAt),
    endTime: endsAt ? seconds(endsAt) : null,
    location: place ? { name: place.name ?? null, address: place.address ?? null } : null,
    isCanceled: event.canceled ?? false,
    extraGuestsAllowed: event.extraGuestsAllowed ?? false,
  };
}

function writeAction(
  context: PhoneContext,
  chat: string,
  saying: Extract<Saying, { target: string }>,
): proto.IMessage {
  const target = context.log.get(saying.target);
  if (!target || (target.chat !== chat && saying.kind !== 'forward')) {
    const { phone } = context.account();
    const where = saying.kind === 'forward' ? '' : ` in its chat with ${chat}`;
    throw new PhoneError('unknown_message', `${phone} knows no message ${saying.target}${where}.`);
  }
  const key = keyOf(context, target);
  const senderTimestampMs = Date.now();
  switch (saying.kind) {
    case 'reaction':
      return { reactionMessage: { key, text: saying.emoji, senderTimestampMs } };
    case 'edit': {
      const editedMessage = editedContent(context, target, saying);
      const change = { key, type: ProtocolType.MESSAGE_EDIT, editedMessage };
      const protocolMessage = { ...change, timestampMs: senderTimestampMs };
      return { editedMessage: { message: { protocolMessage } } };
    }
    case 'revoke':
      return { protocolMessage: { key, type: ProtocolType.REVOKE } };
    case 'pin': {
      const { PIN_FOR_ALL, UNPIN_FOR_ALL } = proto.Message.PinInChatMessage.Type;
      const type = saying.pinned ? PIN_FOR_ALL : UNPIN_FOR_ALL;
      const messageAddOnDurationInSecs = saying.pinned ? (saying.seconds ?? 604_800) : 0;
      return {
        pinInChatMessage: { key, type, senderTimestampMs },
        messageContextInfo: { messageAddOnDurationInSecs },
      };
    }
    case 'poll_vote': {
      const selectedOptions = saying.options.map(optionHash);
      const plain = proto.Message.PollVoteMessage.encode({ selectedOptions }).finish();
      const vote = seal(plain, sealingFor(context, 'Poll Vote', target));
      return { pollUpdateMessage: { pollCreationMessageKey: key, vote, senderTimestampMs } };
    }
    case 'event_response': {
      const plain = proto.Message.EventResponseMessage.encode({
        response: ANSWERS[saying.response],
        timestampMs: senderTimestampMs,
        extraGuestCount: saying.extraGuests ?? 0,
      }).finish();
      const sealed = seal(plain, sealingFor(context, 'Event Response', target));
      return { encEventResponseMessage: { eventCreationMessageKey: key, ...sealed } };
    }
    case 'forward':
      return forwarded(context, target);
  }
}

/** A message's key as this phone names it. */
function keyOf(context: PhoneContext, { id, chat, from, fromMe }: PhoneMessage): proto.IMessageKey {
  const shared = isSharedJid(chat);
  const author = context.directory.byPhone(from)?.lid;
  const remoteJid = shared ? chat : context.directory.byPhone(chat)?.lid;
  return {
    id,
    fromMe,
    remoteJid: remoteJid ?? chat,
    ...(shared && author && { participant: author }),
  };
}

/** Both persons by LID, as phones know each other. */
function sealingFor(context: PhoneContext, use: Sealing['use'], target: PhoneMessage): Sealing {
  const secret = secretOf(context, target.id);
  const author = context.directory.byPhone(target.from)?.lid;
  if (!secret || !author) {
    throw new PhoneError('unknown_message', `The message ${target.id} came without its secret.`);
  }
  return { use, secret, target: target.id, author, sender: context.account().lid };
}

function editedContent(
  context: PhoneContext,
  target: PhoneMessage,
  saying: Extract<Saying, { kind: 'edit' }>,
): proto.IMessage {
  const { text: caption } = saying;
  const before = unwrap(decodeContent(context.log.content(target.id) ?? new Uint8Array()));
  if (before.imageMessage) return { imageMessage: { ...before.imageMessage, caption } };
  if (before.videoMessage) return { videoMessage: { ...before.videoMessage, caption } };
  return writeText(
    { kind: 'text', text: caption },
    contextOf(context, target.chat, { mentions: saying.mentions }),
  );
}

/** The same once more; what it answered stays behind. */
function forwarded(context: PhoneContext, target: PhoneMessage): proto.IMessage {
  const content = decodeContent(context.log.content(target.id) ?? new Uint8Array());
  const { messageContextInfo: _, senderKeyDistributionMessage: __, ...inner } = unwrap(content);
  const forwardingScore = (target.forwarded ?? 0) + 1;
  const contextInfo = { isForwarded: true, forwardingScore };
  const [kind, said] = Object.entries(inner).find(([, value]) => value) ?? [];
  if (!kind || kind === 'conversation')
    return writeText({ kind: 'text', text: target.text }, contextInfo);
  return { [kind]: { ...(said as object), contextInfo } };
}

/** What a message says beside its content; null when that is nothing. @throws PhoneError */
export function contextOf(
  context: PhoneContext,
  chat: string,
  { quoted, mentions, forwarded }: Beside,
): proto.IContextInfo | null {
  const answered = quoted === undefined ? undefined : context.log.get(quoted);
  if (quoted !== undefined && !answered) {
    throw new PhoneError('unknown_message', `This phone knows no message ${quoted}.`);
  }
  const expiration = context.records.getJson<number>(timerKey(chat));
  const info: proto.IContextInfo = {
    ...(answered && {
      stanzaId: answered.id,
      participant: context.directory.byPhone(answered.from)?.lid ?? null,
      quotedMessage: unwrap(decodeContent(context.log.content(answered.id) ?? new Uint8Array())),
    }),
    ...(mentions?.length && {
      mentionedJid: mentions.map((phone) => context.directory.byPhone(phone)?.lid ?? phone),
    }),
    ...(forwarded && { isForwarded: true, forwardingScore: forwarded }),
    ...(expiration && { expiration }),
  };
  return Object.keys(info).length > 0 ? info : null;
}

/** Where a phone keeps the timer of a chat, in seconds. */
export const timerKey = (chat: string) => `timer/${chat}`;
