import type { ChatStore } from '../chats/chat-store.js';
import type { WriteStep } from '../db/write-unit.js';
import type { EngineEventOf } from '../engines/engine-events.js';
import type { EventLog, EventSource } from '../event-log/event-log.js';
import { phoneOf } from '../whatsapp/jid.js';

/** Calls that begin and end become events of the log. */
export class CallRecorder {
  constructor(
    private readonly chats: ChatStore,
    private readonly log: EventLog,
    private readonly nextEvent: (session: EventSource) => WriteStep,
  ) {}

  async record(session: EventSource, call: EngineEventOf<'call'>): Promise<void> {
    const { callId, fromJid, fromAltJid, status, video, group } = call;
    const address = group ? { jid: call.chatJid } : { jid: call.chatJid, altJid: fromAltJid };
    const { applied } = await this.chats.addresses.write(session, address, (chat) => {
      const at = Date.now();
      const told =
        status === 'offered'
          ? this.log.append(
              session,
              'call.offered',
              {
                callId,
                chatId: chat.id,
                callerJid: fromJid,
                phone: phoneOf(fromJid) ?? phoneOf(fromAltJid ?? '') ?? null,
                video,
                group,
              },
              at,
            )
          : this.log.append(session, 'call.ended', { callId, chatId: chat.id, reason: status }, at);
      return [
        ...this.chats.ensure(session.id, chat),
        this.chats.stillLeads(session.id, chat),
        this.nextEvent(session),
        told,
      ];
    });
    if (applied) this.log.wakeup.hint('events');
  }
}
