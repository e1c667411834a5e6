import type { EventData, LogEvent, PassingEvent } from '@patchbay/contract';
import { inEveryVocabulary } from '@patchbay/contract';
import type { StoredEvent } from '../../event-log/event-log.js';
import { eventId, eventJson } from '../../event-log/event-log.js';

/**
 * How a WebSocket's frames look: `events` carry the event of the catalogue as it is, `channels` the
 * shorter form by channel that inbox programs know (`wa:msg:<session>` and so on).
 */
export type FrameFormat = 'events' | 'channels';

/** The QR of an event `session.qr` as a data URL while it is the one to scan; undefined after that. */
export type QrOf = (
  ownerId: string,
  sessionId: string,
  expiresAt: string,
) => Promise<string | undefined>;

/** An event of the log on its way to any number of connections: each form is made once for all. */
export class ToldEvent {
  private eventText: string | undefined;
  private texts: Partial<Record<'sse' | FrameFormat, string | null>> = {};

  private constructor(
    readonly row: StoredEvent,
    private readonly qr: string | undefined,
  ) {}

  static async of(row: StoredEvent, qrOf: QrOf): Promise<ToldEvent> {
    if (row.name !== 'session.qr') return new ToldEvent(row, undefined);
    const { kind, expiresAt } = JSON.parse(row.data) as EventData<'session.qr'>;
    const qr = kind === 'qr' ? await qrOf(row.owner_id, row.session_id, expiresAt) : undefined;
    return new ToldEvent(row, qr);
  }

  get position(): number {
    return this.row.position;
  }

  /** Whether its channel form shows a QR. */
  get hasQr(): boolean {
    return this.qr !== undefined;
  }

  /** The text for a reader of this form; null when the form has nothing to say about the event. */
  as(form: 'sse' | FrameFormat): string | null {
    this.texts[form] ??= this.make(form);
    return this.texts[form];
  }

  private make(form: 'sse' | FrameFormat): string | null {
    this.eventText ??= eventJson(this.row);
    const { position, name } = this.row;
    if (form === 'sse') return `id: ${position}\nevent: ${name}\ndata: ${this.eventText}\n\n`;
    if (form === 'events') return `{"event":${this.eventText},"cursor":${position}}`;
    const content = this.inChannel();
    if (!content) return null;
    return JSON.stringify({
      channel: `wa:${content[0]}:${this.row.session_id}`,
      data: { sessionId: this.row.session_id, ...content[1] },
      cursor: position,
      id: eventId(this.row),
    });
  }

  private inChannel(): [string, object] | null {
    const { name, data } = { name: this.row.name, data: JSON.parse(this.row.data) } as LogEvent;
    switch (name) {
      case 'session.qr':
        // A QR that nobody can scan any more is not shown.
        return this.qr ? ['qr', { qr: this.qr }] : null;
      case 'session.status': {
        const { state, phone, displayName } = data;
        return ['status', { status: inEveryVocabulary(state).inbox, phone, displayName, state }];
      }
      case 'session.message':
        return ['msg', { chatId: data.message.chatId, message: data.message }];
      case 'message.status':
        return ['ack', data];
      default:
        return ['event', { name, data }];
    }
  }
}

/** A passing state in each form; it has no cursor. */
export function passingAs(event: PassingEvent, form: 'sse' | FrameFormat): string {
  if (form === 'sse') return `event: ${event.name}\ndata: ${JSON.stringify(event)}\n\n`;
  if (form === 'events') return JSON.stringify({ event });
  const { name, sessionId, data } = event;
  return JSON.stringify({ channel: `wa:${name}:${sessionId}`, data: { sessionId, ...data } });
}
