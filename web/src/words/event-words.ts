import type { LogEvent } from '@patchbay/contract';
import { actsOnAnother } from '../live/reduce.js';
import { describeState, type Tone } from './status-words.js';

export interface TimelineEntry {
  /** Position of the newest event in it. */
  key: number;
  at: string;
  tone: Tone;
  title: string;
  detail: string;
}

type MessageEvent = Extract<LogEvent, { name: 'session.message' | 'message.status' }>;

/**
 * Events as lines of the timeline, newest first. Messages between two other events become one line
 * with their counts; ticks add nothing to it.
 * @param events oldest first
 */
export function timelineOf(events: LogEvent[]): TimelineEntry[] {
  const entries: TimelineEntry[] = [];
  let run: MessageEvent[] = [];
  const endRun = () => {
    const entry = messagesEntry(run);
    if (entry) entries.push(entry);
    run = [];
  };
  for (const event of events) {
    if (event.name === 'session.message' || event.name === 'message.status') {
      run.push(event);
      continue;
    }
    // The status beside it says the same with its cause.
    if (event.name === 'session.closed') continue;
    const words = describeEvent(event);
    if (!words) continue;
    endRun();
    const entry = { key: event.position, at: event.at, ...words };
    if (!isRepeated(entries.at(-1), entry)) entries.push(entry);
  }
  endRun();
  return entries.reverse();
}

/** A state that is told again, because a name or a due time changed, is no news. */
function isRepeated(previous: TimelineEntry | undefined, entry: TimelineEntry): boolean {
  return previous?.title === entry.title && previous.detail === entry.detail;
}

/** Undefined for what is no news of the account itself. */
function describeEvent(
  event: LogEvent,
): Pick<TimelineEntry, 'tone' | 'title' | 'detail'> | undefined {
  switch (event.name) {
    case 'session.created':
      return { tone: 'neutral', title: 'Account added', detail: event.data.displayName ?? '' };
    case 'session.qr':
      return event.data.kind === 'qr'
        ? { tone: 'attention', title: 'QR code shown', detail: '' }
        : { tone: 'attention', title: 'Pairing code shown', detail: '' };
    case 'session.status': {
      const { label, tone, cause } = describeState(event.data.state);
      const attempt = event.data.state.attempt;
      const detail = attempt > 1 ? `${cause} Attempt ${attempt}.` : cause;
      return { tone, title: label, detail };
    }
    case 'session.restricted':
      return { tone: 'danger', title: 'Held back by WhatsApp', detail: event.data.detail };
    case 'session.removed':
      return { tone: 'attention', title: 'Credentials deleted', detail: '' };
    case 'chat.merged':
      return { tone: 'neutral', title: 'Two chats with one person joined', detail: '' };
    case 'session.deleted':
      return { tone: 'danger', title: 'Account removed', detail: '' };
    default:
      return undefined;
  }
}

function messagesEntry(run: MessageEvent[]): TimelineEntry | null {
  let received = 0;
  let sent = 0;
  let history = 0;
  let failed = 0;
  for (const event of run) {
    if (event.name === 'message.status') failed += event.data.status === 'failed' ? 1 : 0;
    else if (actsOnAnother(event.data.message)) continue;
    else if (event.data.source === 'history') history += 1;
    else if (event.data.message.fromMe) sent += 1;
    else received += 1;
  }
  const parts = [
    received > 0 ? `${received} received` : null,
    sent > 0 ? `${sent} sent` : null,
    failed > 0 ? `${failed} failed` : null,
    history > 0 ? `${history} from before the link` : null,
  ].filter((part) => part !== null);
  const last = run.at(-1);
  if (!last || parts.length === 0) return null;
  const tone: Tone = failed > 0 ? 'danger' : 'neutral';
  return { key: last.position, at: last.at, tone, title: 'Messages', detail: parts.join(', ') };
}
