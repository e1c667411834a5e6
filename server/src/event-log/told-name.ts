import type { EventName } from '@patchbay/contract';
import { NOTIFICATION_EVENTS, notificationNameOf } from '@patchbay/contract';
import type { StoredEvent } from './event-log.js';

const OTHER_NAMES = Object.entries(NOTIFICATION_EVENTS);

/**
 * Under which name a reader is told of an event: its own, if it asks for all or for that; else the one
 * that it has in the notification API, if it asks for that. Undefined: it is not told of it.
 */
export function toldName(
  { name, data }: Pick<StoredEvent, 'name' | 'data'>,
  asked: ReadonlySet<string> | undefined,
): string | undefined {
  if (!asked || asked.has(name)) return name;
  if (!OTHER_NAMES.some(([other, { of }]) => of === name && asked.has(other))) return undefined;
  const other = notificationNameOf(name as EventName, JSON.parse(data));
  return other && asked.has(other) ? other : undefined;
}
