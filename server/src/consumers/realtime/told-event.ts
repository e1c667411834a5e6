import type { EventData, PassingEvent } from '@patchbay/contract';
import { inChannel } from '../../event-log/channels.js';
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
  private readonly texts = new Map<string, string | null>();

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

  /**
   * The text for a reader of this form; null when the form has nothing to say about the event.
   * @param name under which it is told: its own, or the one that it was asked for by
   */
  as(form: 'sse' | FrameFormat, name = this.row.name): string | null {
    const key = name === this.row.name ? form : `${form} ${name}`;
    const known = this.texts.get(key);
    if (known !== undefined) return known;
    const text = this.make(form, name);
    this.texts.set(key, text);
    return text;
  }

  private make(form: 'sse' | FrameFormat, name: string): string | null {
    const { position, session_id: sessionId } = this.row;
    if (form === 'sse') return `id: ${position}\nevent: ${name}\ndata: ${this.json(name)}\n\n`;
    if (form === 'events') return `{"event":${this.json(name)},"cursor":${position}}`;
    const message = inChannel(this.row, this.qr, name);
    if (!message) return null;
    const { kind, data } = message;
    const id = eventId(this.row);
    return JSON.stringify({ channel: `wa:${kind}:${sessionId}`, data, cursor: position, id });
  }

  private json(name: string): string {
    if (name !== this.row.name) return eventJson(this.row, name);
    this.eventText ??= eventJson(this.row);
    return this.eventText;
  }
}

/** A passing state in each form; it has no cursor. */
export function passingAs(event: PassingEvent, form: 'sse' | FrameFormat): string {
  if (form === 'sse') return `event: ${event.name}\ndata: ${JSON.stringify(event)}\n\n`;
  if (form === 'events') return JSON.stringify({ event });
  const { name, sessionId, data } = event;
  const about = sessionId === null ? '' : `:${sessionId}`;
  return JSON.stringify({ channel: `wa:${name}${about}`, data: { sessionId, ...data } });
}
