import type {
  ContactCard,
  ContentOf,
  MessageContent,
  SendContact,
  SendContent,
} from '@patchbay/contract';
import { timerText } from '@patchbay/contract';
import type { Database } from '../db/database.js';
import { ApiError } from '../http/api-error.js';
import type { LinkPreviews } from '../user-urls/link-previews.js';
import { isGroupJid, isStatusJid } from '../whatsapp/jid.js';
import { phonesOf, vcardOf } from '../whatsapp/vcard.js';
import { chatJidOf } from './chat-address.js';
import type { ChatStore } from './chat-store.js';
import { EDITABLE } from './message-changes.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** As WhatsApp's own clients allow it. */
const EDIT_WITHIN = 15 * MINUTE;
const REVOKE_WITHIN = 60 * HOUR;

const FORWARDED_KINDS = [
  'text',
  'image',
  'video',
  'audio',
  'document',
  'sticker',
  'location',
  'contact',
  'group_invite',
];

/** Where something is to be sent. */
export interface Destination {
  sessionId: string;
  /** As `chatJidOf` gives it. */
  chatJid: string;
}

type SendText = Extract<SendContent, { type: 'text' }>;

interface TargetRow {
  chat_id: string;
  from_me: number;
  type: string;
  at: number;
  content: MessageContent;
}

/** What clients ask to be sent, checked against what is stored, as the outbox takes it. */
export class SendableContent {
  constructor(
    private readonly database: Database,
    private readonly chats: ChatStore,
    private readonly previews: LinkPreviews,
  ) {}

  /**
   * @param audience of a status post; absent: all who have a name in the address book
   * @throws ApiError `message_not_found`, `message_not_yours`, `too_late`, `wrong_kind`,
   *   `unknown_option`, `invalid_chat`, `invalid_request`
   */
  async from(to: Destination, content: SendContent, audience?: string[]): Promise<MessageContent> {
    if (isStatusJid(to.chatJid)) return await this.statusPost(to.sessionId, content, audience);
    if (audience) {
      throw new ApiError('invalid_request', 'audience: only a status post has one');
    }
    if ('targetId' in content) return await this.action(to, content);
    return thing(to, content.type === 'text' ? await this.withPreview(content) : content);
  }

  /** A text with the card of its link, fetched where that is asked for and possible. */
  async withPreview({ linkPreview: asked, ...content }: SendText): Promise<ContentOf<'text'>> {
    const linkPreview = asked === true ? await this.previews.of(content.text) : asked;
    return { ...content, ...(linkPreview && { linkPreview }) };
  }

  /** A stored message once more, marked as passed on unless it is our own; throws as `from`. */
  async forwarded(sessionId: string, messageId: string): Promise<MessageContent> {
    const target = await this.target(sessionId, messageId);
    const { content } = target;
    const passable = FORWARDED_KINDS.includes(content.type);
    if (!passable || ('viewOnce' in content && content.viewOnce)) {
      throw new ApiError('wrong_kind', `A message of the kind ${target.type} cannot be forwarded`);
    }
    const {
      quotedMessageId: _,
      expiresIn: __,
      mentions: ___,
      ...said
    } = content as Extract<MessageContent, { type: 'text' }>;
    const forwarded = said.forwarded || target.from_me === 0;
    return {
      ...said,
      ...(forwarded && { forwarded, forwardingScore: (said.forwardingScore ?? 0) + 1 }),
      forwardOf: messageId,
    };
  }

  private async action(
    to: Destination,
    content: Extract<SendContent, { targetId: string }>,
  ): Promise<MessageContent> {
    const target = await this.target(to.sessionId, content.targetId);
    const chat = await this.chats.find(to.sessionId, to.chatJid).catch(() => undefined);
    if (chat !== target.chat_id) {
      throw new ApiError('message_not_found', 'targetId: this chat has no such message');
    }
    if (target.type === 'revoked') {
      throw new ApiError('wrong_kind', 'The message was deleted');
    }
    switch (content.type) {
      case 'edit':
        checkEdit(target);
        return { ...content, ...mentionsOf(content.mentions) };
      case 'revoke':
        return checkedRevoke(content, target, to.chatJid);
      case 'poll_vote':
        checkVote(content.options, target);
        return content;
      case 'event_response':
        if (target.type !== 'event') throw new ApiError('wrong_kind', 'targetId: not an event');
        return content;
      case 'reaction':
      case 'pin':
        if (target.type === 'system') throw new ApiError('wrong_kind', 'targetId: only a notice');
        return content;
    }
  }

  private async statusPost(
    sessionId: string,
    content: SendContent,
    audience: string[] | undefined,
  ): Promise<MessageContent> {
    const to = { sessionId, chatJid: 'status@broadcast' };
    if (content.type === 'revoke') {
      await this.action(to, content);
      return { ...content, audience: await this.audience(sessionId, audience) };
    }
    if (content.type !== 'text') {
      throw new ApiError('wrong_kind', `A status post cannot be of the kind ${content.type}`);
    }
    return {
      ...(await this.withPreview(content)),
      audience: await this.audience(sessionId, audience),
    };
  }

  private async audience(sessionId: string, given: string[] | undefined): Promise<string[]> {
    if (given) return given.map(chatJidOf);
    const rows = await this.database.kysely
      .selectFrom('contacts')
      .select('jid')
      .where('session_id', '=', sessionId)
      .where('name', 'is not', null)
      .where('jid', 'like', '%@s.whatsapp.net')
      .limit(5000)
      .execute();
    return rows.map(({ jid }) => jid);
  }

  private async target(sessionId: string, messageId: string): Promise<TargetRow> {
    const row = await this.database.kysely
      .selectFrom('messages')
      .select(['chat_id', 'from_me', 'type', 'at', 'content'])
      .where('session_id', '=', sessionId)
      .where('id', '=', messageId)
      .where('hidden', '=', 0)
      .executeTakeFirst();
    if (!row) throw new ApiError('message_not_found', `The session has no message ${messageId}`);
    return { ...row, content: JSON.parse(row.content) as MessageContent };
  }
}

/** What stands by itself. */
function thing(
  { chatJid }: Destination,
  content: Exclude<SendContent, { targetId: string } | { type: 'text' }> | ContentOf<'text'>,
): MessageContent {
  switch (content.type) {
    case 'contact':
      return { ...content, contacts: content.contacts.map(cardOf) };
    case 'poll':
      return { ...content, ...mentionsOf(content.mentions), selectableCount: countOf(content) };
    case 'event': {
      const { startsAt, endsAt } = content;
      return {
        ...content,
        ...mentionsOf(content.mentions),
        startsAt: inUtc(startsAt),
        ...(endsAt && { endsAt: inUtc(endsAt) }),
      };
    }
    case 'disappearing_timer': {
      if (isGroupJid(chatJid)) {
        throw new ApiError(
          'wrong_kind',
          "A group's timer is a setting: change ephemeralSeconds of the chat or group",
        );
      }
      const { seconds } = content;
      return { type: 'system', text: timerText(seconds), action: content.type, seconds };
    }
    default:
      return { ...content, ...mentionsOf(content.mentions) };
  }
}

const countOf = ({ selectableCount = 1 }: { selectableCount?: number | undefined }) =>
  selectableCount;
const inUtc = (iso: string) => new Date(iso).toISOString();

/** Phone numbers are as good as jids. */
function mentionsOf(mentions: string[] | undefined) {
  return mentions?.length ? { mentions: mentions.map(chatJidOf) } : {};
}

function cardOf(contact: SendContact): ContactCard {
  const vcard = 'vcard' in contact ? contact.vcard : vcardOf(contact);
  return { name: contact.name, vcard, phones: phonesOf(vcard) };
}

function checkEdit(target: TargetRow): void {
  if (target.from_me !== 1) {
    throw new ApiError('message_not_yours', 'Only the author of a message can edit it');
  }
  if (!EDITABLE.includes(target.type)) {
    throw new ApiError('wrong_kind', `A message of the kind ${target.type} has no text to edit`);
  }
  if (Date.now() - target.at > EDIT_WITHIN) {
    throw new ApiError('too_late', 'A message can be edited for 15 minutes');
  }
}

function checkedRevoke(
  content: Extract<SendContent, { type: 'revoke' }>,
  target: TargetRow,
  chatJid: string,
): MessageContent {
  if (Date.now() - target.at > REVOKE_WITHIN) {
    throw new ApiError('too_late', 'A message can be deleted for everyone for 60 hours');
  }
  if (target.from_me === 1) return content;
  if (isGroupJid(chatJid)) return { ...content, byAdmin: true };
  throw new ApiError('message_not_yours', 'Only the author of a message can delete it');
}

function checkVote(options: string[], { content }: TargetRow): void {
  if (content.type !== 'poll') throw new ApiError('wrong_kind', 'targetId: not a poll');
  const unknown = options.find((option) => !content.options.includes(option));
  if (unknown !== undefined) {
    throw new ApiError('unknown_option', `The poll has no option "${unknown}"`);
  }
  const most = content.selectableCount || content.options.length;
  if (new Set(options).size > most) {
    throw new ApiError('invalid_request', `options: this poll takes ${most} at most`);
  }
}
