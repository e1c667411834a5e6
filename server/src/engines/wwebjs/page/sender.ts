import { readFile } from 'node:fs/promises';
import { isMedia, type MessageContent } from '@patchbay/contract';
import { EngineError } from '../../engine-error.js';
import type { PageMessage } from '../protocol.js';
import type { Heard } from './heard.js';
import { actOn, type Deed, keyFor, type SendOptions, sendUnderKey } from './in-page-sending.js';
import type { BrowserPage } from './library.js';
import { fileOptions, optionsOf, textIn } from './to-page.js';
import { pageId } from './wids.js';

/** A week, as the other engine pins (seconds). */
const PIN_FOR = 604_800;

/** Sends: messages under ids of ours, and what is done to other messages. */
export class Sender {
  /** Files go one after another: each is held whole, several times over. */
  private filesBefore: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly page: BrowserPage,
    private readonly heard: Heard,
  ) {}

  /** @throws {EngineError} not-on-whatsapp, unsupported */
  async prepare({ id, chatJid, content }: PageMessage): Promise<{ key: string }> {
    if (!deedOf(content)) optionsOf(content);
    const answer = await this.page.evaluate(keyFor, { id, chatId: pageId(chatJid) });
    if ('key' in answer) return answer;
    throw new EngineError('not-on-whatsapp', 'The number is not on WhatsApp', true);
  }

  /** Resolves when the page has it; the ack follows as an event. */
  async send(message: PageMessage & { key: string }): Promise<void> {
    const { content } = message;
    const deed = deedOf(content);
    if (deed && 'targetId' in content) return await this.act(message, content.targetId, deed);
    if (!isMedia(content)) return await this.sendNow(message, optionsOf(content));
    const sent = this.filesBefore.then(() => this.sendFile(message));
    this.filesBefore = sent.catch(() => undefined);
    await sent;
  }

  private async sendFile(message: PageMessage & { key: string }): Promise<void> {
    const { content, file } = message;
    if (!isMedia(content) || !file) throw new EngineError('unsupported', 'No file', true);
    const data = (await readFile(file.path)).toString('base64');
    await this.sendNow(message, fileOptions(content, data));
  }

  private async sendNow(
    { id, key, chatJid, content, quotedKey, again }: PageMessage & { key: string },
    options: SendOptions,
  ): Promise<void> {
    this.heard.isOurs(id);
    const place = { key, chatId: pageId(chatJid) };
    const quoting = quotedKey && { quotedMessageId: quotedKey, ignoreQuoteErrors: true };
    const all = { ...options, ...quoting };
    const { known, ack } = await this.page.evaluate(
      sendUnderKey,
      place,
      textIn(content),
      all,
      again,
    );
    if (known) this.heard.acked({ id, chatJid }, ack);
  }

  /** Done again it is the same to everyone, so it needs no id; the page tells no ack of it. */
  private async act(
    { id, chatJid, targetKey }: PageMessage,
    targetId: string,
    deed: Deed,
  ): Promise<void> {
    const undo = this.heard.isOurDeed(targetId, deed);
    const target = { id: targetId, chatId: pageId(chatJid), ...(targetKey && { key: targetKey }) };
    const done = await this.page.evaluate(actOn, target, deed).catch((error) => {
      undo();
      throw error;
    });
    if (done === 'done') return this.heard.acked({ id, chatJid }, 1);
    undo();
    if (done === 'unknown') {
      throw new EngineError(
        'refused',
        'WhatsApp Web does not have the message that is meant',
        true,
      );
    }
    throw new EngineError('refused', 'WhatsApp does not allow it for this message', true);
  }
}

/** What is done to another message; undefined for what is a message itself. */
function deedOf(content: MessageContent): Deed | undefined {
  switch (content.type) {
    case 'reaction':
      return { kind: 'react', emoji: content.emoji };
    case 'edit':
      return { kind: 'edit', text: content.text, mentions: (content.mentions ?? []).map(pageId) };
    case 'revoke':
      return { kind: 'revoke' };
    case 'pin':
      return { kind: 'pin', pinned: content.pinned, seconds: content.duration ?? PIN_FOR };
    default:
      return undefined;
  }
}
