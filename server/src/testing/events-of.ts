import type { EventData, EventName, LogEvent } from '@patchbay/contract';
import type { TestApi } from './test-api.js';

/** What all events of one name and session tell, oldest first. */
export async function eventsOf<Name extends EventName>(
  server: TestApi,
  sessionId: string,
  name: Name,
): Promise<EventData<Name>[]> {
  const found: EventData<Name>[] = [];
  for (let after = 0; ; ) {
    const path = `/api/events?limit=500&after=${after}`;
    const { body } = await server.call<{ events: LogEvent[] }>('GET', path);
    const last = body.events.at(-1);
    if (!last) return found;
    after = last.position;
    for (const event of body.events) {
      if (event.name !== name || event.sessionId !== sessionId) continue;
      found.push(event.data as EventData<Name>);
    }
  }
}

/** Ids of the messages that were told as history. */
export async function historyTold(server: TestApi, sessionId: string): Promise<string[]> {
  const told = await eventsOf(server, sessionId, 'session.message');
  return told.flatMap(({ source, message }) => (source === 'history' ? [message.id] : []));
}
