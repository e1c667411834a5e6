import { z } from 'zod';
import type { EventData, EventName } from './event.js';
import type { MessageStatus } from './message.js';
import { inEveryVocabulary } from './status-vocabularies.js';

/**
 * The events of the notification API: other names of events of the log. A reader that asks for one of
 * them is told the event of the log under that name, with the id, position and data that it has; one
 * that asks for the event's own name, or for all, is told it under its own, and never under both.
 */
export const NOTIFICATION_EVENTS = {
  'whatsapp.qr': { of: 'session.qr', meaning: 'There is a QR to scan.' },
  'whatsapp.authenticated': {
    of: 'session.status',
    meaning: 'The number is linked, or WhatsApp wants it to connect anew; not open yet.',
  },
  'whatsapp.ready': { of: 'session.status', meaning: 'The number is connected.' },
  'whatsapp.auth_failure': {
    of: 'session.status',
    meaning: 'The number cannot be used with the credentials that there are.',
  },
  'whatsapp.disconnected': {
    of: 'session.status',
    meaning: 'The connection was lost, or the session ended; `state` says why and what follows.',
  },
  'whatsapp.manual_disconnect': { of: 'session.closed', meaning: 'Somebody closed the session.' },
  'whatsapp.manual_reconnect': {
    of: 'session.status',
    meaning: 'Somebody had the session connect anew.',
  },
  'whatsapp.message_create': {
    of: 'session.message',
    meaning: 'A message came or was written, also by us; not those of the history.',
  },
  'whatsapp.message_sent': {
    of: 'message.status',
    meaning: 'WhatsApp has a message of ours: its first tick.',
  },
} as const satisfies Record<string, { of: EventName; meaning: string }>;

export type NotificationEventName = keyof typeof NOTIFICATION_EVENTS;

const names = Object.keys(NOTIFICATION_EVENTS) as [
  NotificationEventName,
  ...NotificationEventName[],
];
export const NotificationEventName = z.enum(names).meta({ id: 'NotificationEventName' });

const TICKS: readonly (MessageStatus | undefined)[] = ['sent', 'delivered', 'read', 'played'];

/** The other name of an event of the log, if it has one. @param data of that event, as it is stored */
export function notificationNameOf(
  name: EventName,
  data: unknown,
): NotificationEventName | undefined {
  switch (name) {
    case 'session.qr':
      return (data as EventData<'session.qr'>).kind === 'qr' ? 'whatsapp.qr' : undefined;
    case 'session.status':
      return ofStatus(data as EventData<'session.status'>);
    case 'session.closed':
      return 'whatsapp.manual_disconnect';
    case 'session.message':
      return (data as EventData<'session.message'>).source === 'history'
        ? undefined
        : 'whatsapp.message_create';
    case 'message.status': {
      const { status, previous } = data as EventData<'message.status'>;
      return TICKS.includes(status) && !TICKS.includes(previous)
        ? 'whatsapp.message_sent'
        : undefined;
    }
    default:
      return undefined;
  }
}

/** Only a change has a name: that the name or the number of tries is another has none. */
function ofStatus({
  state,
  previous,
}: EventData<'session.status'>): NotificationEventName | undefined {
  if (!previous) return undefined;
  const wasAskedFor = ['requested', 'qr_expired'].includes(previous.reason);
  if (state.status === 'starting' && state.reason === 'requested' && !wasAskedFor) {
    return 'whatsapp.manual_reconnect';
  }
  const now = inEveryVocabulary(state).notification;
  const before = inEveryVocabulary(previous).notification;
  if (now === before) return undefined;
  switch (now) {
    case 'READY':
      return 'whatsapp.ready';
    case 'AUTHENTICATED':
      return 'whatsapp.authenticated';
    case 'AUTH_FAILURE':
      return 'whatsapp.auth_failure';
    case 'DISCONNECTED':
      return 'whatsapp.disconnected';
    case 'CONNECTING':
    case 'QR_READY':
      return before === 'READY' ? 'whatsapp.disconnected' : undefined;
  }
}
