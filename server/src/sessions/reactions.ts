import type { IncomingSettings } from '@patchbay/contract';
import type { Logger } from 'pino';
import type { Engine } from '../engines/engine.js';
import type { EngineEventOf } from '../engines/engine-events.js';
import { isGroupJid, isStatusJid } from '../whatsapp/jid.js';
import type { DataEvent } from './record-event.js';

/** What a session does by itself, as its owner chose: reads messages, refuses calls. */
export class Reactions {
  constructor(
    private readonly settings: () => Promise<IncomingSettings>,
    private readonly record: (event: DataEvent) => Promise<void>,
    private readonly logger: Logger,
  ) {}

  /** To be called with every event that was stored; does not wait for WhatsApp. */
  to(event: DataEvent, engine: () => Engine | undefined): void {
    if (event.type !== 'message' && event.type !== 'call') return;
    // After the engine has seen that the event is stored.
    setImmediate(() => {
      this.react(event, engine).catch((error) => {
        this.logger.info({ err: error, event: event.type }, 'no reaction');
      });
    });
  }

  private async react(
    event: EngineEventOf<'message' | 'call'>,
    engine: () => Engine | undefined,
  ): Promise<void> {
    const { autoRead, rejectCalls } = await this.settings();
    if (event.type === 'call') {
      if (rejectCalls && event.status === 'offered') {
        await engine()?.abilities.calls?.reject(event.callId);
      }
      return;
    }
    const { chatJid, fromMe, id, senderJid, content } = event.message;
    if (!autoRead || fromMe || isStatusJid(chatJid) || content.type === 'undecryptable') return;
    const participant = isGroupJid(chatJid) && { participantJid: senderJid };
    await engine()?.markRead(chatJid, [{ id, ...participant }]);
    const { chatAltJid } = event.message;
    const chat = { jid: chatJid, ...(chatAltJid && { altJid: chatAltJid }), markedUnread: false };
    await this.record({ type: 'chat-settings', chats: [chat] });
  }
}
