import { createHash } from 'node:crypto';
import type { MessageContent } from '@patchbay/contract';
import { isGroupJid, isNewsletterJid, isStatusJid } from '../../../whatsapp/jid.js';
import type { EngineEvent, EngineGroup, EngineMessage } from '../../engine-events.js';
import type { PageSettings } from '../protocol.js';
import { groupFromPage } from './from-page/group.js';
import { groupNoticeEvents } from './from-page/group-notice.js';
import { actionFromPage, messageFromPage, statusOf } from './from-page/message.js';
import { groupNow } from './in-page-reading.js';
import type { Deed } from './in-page-sending.js';
import type { Library } from './library.js';
import type { PageMessageData, PageReaction, WidData } from './page-window.js';
import { jidOf, OtherNames } from './wids.js';

/** Ids of messages told or sent here lately, by which repetitions are known. */
const REMEMBERED = 5000;
/** What we do to a message comes back within this time (ms), if at all. */
const SOON = 30_000;
/** WhatsApp refused; the page does not say why. */
const REFUSED_BY_PAGE = 400;

/** What the library says of messages, as events of ours. */
export class Heard {
  me: { jid: string; lid?: string } = { jid: '' };
  /** When the newest message was written that was told (ms). */
  lastAt = Date.now();
  readonly names: OtherNames;
  private readonly since = Date.now();
  private readonly toldIds = new Set<string>();
  private readonly knownGroups = new Set<string>();
  /** When we did something to a message (ms): what the page says of it is told already. */
  private readonly ourDeeds = new Map<string, number>();

  constructor(
    private readonly library: Library,
    private readonly settings: Pick<PageSettings, 'ignore'>,
    private readonly tell: (event: EngineEvent) => void,
  ) {
    this.names = new OtherNames(() => library.pupPage);
  }

  /** @param inOrder runs what becomes of each word after what became of those before */
  listen(inOrder: (work: () => Promise<void>) => void): void {
    const { library } = this;
    const dataOf = ({ rawData }: { rawData: unknown }) => rawData as PageMessageData;
    library.on('message_create', (message) => inOrder(() => this.arrived(dataOf(message), 'live')));
    library.on('message_ciphertext', (message) =>
      inOrder(() => this.arrived({ ...dataOf(message), type: 'ciphertext' }, 'live')),
    );
    library.on('message_ack', (message, ack) => {
      const data = dataOf(message);
      if (data.id.fromMe) inOrder(async () => this.ackIs(data, Number(ack)));
    });
    library.on('message_edit', (message, text, before) =>
      inOrder(() => this.edited(dataOf(message), String(text), before as string | undefined)),
    );
    library.on('message_revoke_everyone', (message) =>
      inOrder(() => this.revoked(dataOf(message))),
    );
    library.on('message_reaction', (reaction) => inOrder(() => this.reacted(reaction)));
    for (const event of [
      'group_join',
      'group_leave',
      'group_admin_changed',
      'group_update',
    ] as const) {
      library.on(event, (notice) =>
        inOrder(() => this.groupChanged(noticeOf(notice as unknown as GroupNotice))),
      );
    }
    library.on('call', (call) =>
      this.tell({
        type: 'call',
        callId: call.id,
        chatJid: jidOf(call.from as string),
        fromJid: jidOf(call.from as string),
        device: String(call.from),
        status: 'offered',
        video: call.isVideo,
        group: call.isGroup,
        timestamp: Date.now(),
      }),
    );
  }

  /** These groups are told. */
  knows(groups: EngineGroup[]): void {
    for (const { jid } of groups) this.knownGroups.add(jid);
  }

  /** What is sent here comes back as created; it is told already. */
  isOurs(id: string): void {
    this.remember(id);
  }

  /** @returns takes it back */
  isOurDeed(targetId: string, deed: Deed): () => void {
    const name = deedName(targetId, deed.kind);
    this.ourDeeds.set(name, Date.now());
    return () => void this.ourDeeds.delete(name);
  }

  acked({ id, chatJid }: { id: string; chatJid: string }, ack: number | undefined): void {
    const status = statusOf(ack);
    if (!status) return;
    this.tell({ type: 'receipt', messageIds: [id], chatJid, status, timestamp: Date.now() });
  }

  /** How far messages have come meanwhile. */
  reached(messages: { chatId: string; id: string; ack: number }[]): void {
    for (const { chatId, id, ack } of messages) {
      // What was sent was told then.
      if (ack > 1) this.acked({ id, chatJid: jidOf(chatId) }, ack);
    }
  }

  /**
   * A message of the page becomes an event, unless it was told or nobody wants it.
   * @param source `offline`: the page had it before we were connected
   */
  async arrived(data: PageMessageData, source: 'live' | 'offline'): Promise<void> {
    const isUnread = data.type === 'ciphertext';
    const { id } = data.id;
    if (this.toldIds.has(id) || !this.isWanted(jidOf(data.id.remote))) return;
    const message = await messageFromPage(data, this.me, this.names);
    if (!message) return;
    if (isGroupJid(message.chatJid)) await this.tellIfNew(message.chatJid);
    if (!isUnread) this.remember(id);
    this.lastAt = Math.max(this.lastAt, message.timestamp);
    // Times are whole seconds.
    const isOld = source === 'offline' || message.timestamp < this.since - 1000;
    const from = message.fromMe ? 'phone' : isOld ? 'offline' : 'live';
    this.tell({ type: 'message', source: from, message });
  }

  /**
   * What was done to messages while nobody listened. What the account itself did is left out: it may have
   * been done from here, under another id.
   */
  async missed(
    edited: PageMessageData[],
    revoked: PageMessageData[],
    reactions: PageReaction[],
  ): Promise<void> {
    for (const data of edited.filter(({ id }) => !id.fromMe)) {
      const text = data.type === 'chat' ? data.body : data.caption;
      if (text) await this.wasEdited(data, text);
    }
    for (const data of revoked.filter(({ id }) => !id.fromMe)) await this.revoked(data);
    for (const { msgKey, parentMsgKey, senderUserJid, reactionText, timestamp } of reactions) {
      if (this.isMe(senderUserJid)) continue;
      await this.reacted({
        id: msgKey,
        msgId: parentMsgKey,
        senderId: senderUserJid,
        reaction: reactionText,
        timestamp: timestamp / 1000,
      });
    }
  }

  isWanted(chatJid: string): boolean {
    const { status, groups, channels } = this.settings.ignore;
    if (isStatusJid(chatJid)) return !status;
    if (isGroupJid(chatJid)) return !groups;
    return !(channels && isNewsletterJid(chatJid));
  }

  private ackIs(data: PageMessageData, ack: number): void {
    const { id } = data.id;
    if (ack === -1) {
      const detail = 'WhatsApp did not take the message';
      this.tell({ type: 'send-refused', messageId: id, code: REFUSED_BY_PAGE, detail });
    } else this.acked({ id, chatJid: jidOf(data.id.remote) }, ack);
  }

  private async edited(
    data: PageMessageData,
    text: string,
    before: string | undefined,
  ): Promise<void> {
    // The page also sets texts that it did not have yet, and small pictures where texts stand.
    const isCaption = data.type !== 'chat';
    if (!before || (isCaption && text !== data.caption)) return;
    if (!this.wasOurs(data.id.id, 'edit')) await this.wasEdited(data, text);
  }

  private async wasEdited(data: PageMessageData, text: string): Promise<void> {
    const timestamp = data.latestEditSenderTimestampMs ?? Date.now();
    const id = data.latestEditMsgKey?.id ?? nameFor('edit', data.id._serialized, text);
    const content = { type: 'edit', targetId: data.id.id, text } as const;
    await this.acted(data, { id, timestamp, content });
  }

  private async revoked(data: PageMessageData): Promise<void> {
    if (this.wasOurs(data.id.id, 'revoke')) return;
    const targetId = data.protocolMessageKey?.id ?? data.id.id;
    const id = nameFor('revoke', targetId);
    await this.acted(data, { id, timestamp: Date.now(), content: { type: 'revoke', targetId } });
  }

  private async reacted(reaction: {
    id: { id: string; fromMe?: boolean };
    msgId: { id: string; remote: WidData; _serialized: string };
    senderId: string;
    reaction: string;
    timestamp: number;
  }): Promise<void> {
    const { msgId, timestamp } = reaction;
    const fromMe = this.isMe(reaction.senderId);
    if (fromMe && this.wasOurs(msgId.id, 'react')) return;
    const sender = reaction.senderId;
    const key = { ...reaction.id, fromMe, remote: msgId.remote, _serialized: reaction.id.id };
    const data = {
      id: key,
      type: 'reaction',
      t: timestamp,
      from: sender,
      to: sender,
      author: sender,
    };
    const content = {
      type: 'reaction',
      targetId: msgId.id,
      emoji: reaction.reaction ?? '',
    } as const;
    await this.acted(data, { id: reaction.id.id, timestamp: timestamp * 1000, content });
  }

  private isMe(wid: string): boolean {
    return [this.me.jid, this.me.lid].includes(jidOf(wid));
  }

  private wasOurs(targetId: string, kind: Deed['kind']): boolean {
    const name = deedName(targetId, kind);
    const at = this.ourDeeds.get(name);
    this.ourDeeds.delete(name);
    return at !== undefined && Date.now() - at < SOON;
  }

  private async acted(
    data: PageMessageData,
    action: { id: string; timestamp: number; content: MessageContent },
  ): Promise<void> {
    if (!this.isWanted(jidOf(data.id.remote))) return;
    const message: EngineMessage = await actionFromPage(data, action, this.me, this.names);
    this.tell({ type: 'message', source: message.fromMe ? 'phone' : 'live', message });
  }

  /** Of groups that somebody else has made, WhatsApp Web says nothing by itself. */
  private async tellIfNew(jid: string): Promise<void> {
    if (this.knownGroups.has(jid)) return;
    const group = await this.group(jid);
    if (group) this.knows([group]);
    if (group) this.tell({ type: 'groups', groups: [group] });
  }

  /** A group as the page has it now. */
  private async group(jid: string): Promise<EngineGroup | undefined> {
    const found = await this.library.pupPage?.evaluate(groupNow, jid);
    return found && (await groupFromPage(found, this.names));
  }

  private async groupChanged(data: PageMessageData): Promise<void> {
    if (!this.isWanted(jidOf(data.id.remote)) || this.toldIds.has(data.id.id)) return;
    this.remember(data.id.id);
    const group = await this.group(jidOf(data.id.remote));
    if (group) this.knows([group]);
    for (const event of await groupNoticeEvents(data, group, this.me, this.names)) this.tell(event);
  }

  private remember(id: string): void {
    this.toldIds.add(id);
    if (this.toldIds.size <= REMEMBERED) return;
    const [oldest] = this.toldIds;
    if (oldest !== undefined) this.toldIds.delete(oldest);
  }
}

/** A notice of the library (structures/GroupNotification.js), which does not keep the page's data. */
interface GroupNotice {
  id: PageMessageData['id'];
  /** What of the group is another. */
  type: string;
  body: string;
  timestamp: number;
  chatId: string;
  author?: WidData;
  recipientIds: WidData[];
}

function noticeOf({ id, type, timestamp, recipientIds, ...rest }: GroupNotice): PageMessageData {
  const { author, body, chatId } = rest;
  return {
    ...{ id, type: 'gp2', subtype: type, t: timestamp, body, recipients: recipientIds },
    ...{ from: chatId, to: chatId },
    ...(author && { author }),
  };
}

const deedName = (targetId: string, kind: string) => `${kind} ${targetId}`;

/** The same whenever it is told. */
function nameFor(...parts: string[]): string {
  const hash = createHash('sha256').update(parts.join(' ')).digest('hex');
  return `3EB0${hash.slice(0, 18).toUpperCase()}`;
}
