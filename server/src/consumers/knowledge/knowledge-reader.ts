import type { EventData } from '@patchbay/contract';
import type { Clock } from '../../clock.js';
import type { Database } from '../../db/database.js';
import type { WriteStep } from '../../db/write-unit.js';
import type { Reader } from '../../event-log/consumer.js';
import type { StoredEvent } from '../../event-log/event-log.js';
import type { JobQueue } from '../../jobs/job-queue.js';
import type { AdminsOverTime, KnowledgeAdmins } from './admins.js';
import { forgetJob } from './forget-job.js';
import { forwardJob } from './forward-job.js';
import type { Approval, ForwardStore } from './forward-store.js';
import type { Ingest } from './ingest-job.js';
import { ingestJob } from './ingest-job.js';
import type { Relevant } from './relevant.js';
import { relevant } from './relevant.js';
import type { RouteRow, RouteStore } from './route-store.js';
import { holds, targetsOf } from './route-store.js';
import { isStar, Stars } from './stars.js';
import { tagsOf } from './tags.js';

const EVENTS_AT_ONCE = 100;

interface Tools {
  database: Database;
  admins: KnowledgeAdmins;
  routes: RouteStore;
  forwards: ForwardStore;
  queue: JobQueue;
  clock: Clock;
}

/**
 * Decides by the log alone, and by lists that say since which position they hold: replayed, it decides
 * the same. Forwards are facts of their own, which are noted once.
 */
export function knowledgeReader(tools: Tools): Reader {
  return {
    name: 'knowledge',
    batch: () => EVENTS_AT_ONCE,
    wanted: () => true,
    handle: async (stored) => {
      const events = stored.flatMap(relevant);
      if (events.length === 0) return { steps: [], committed: () => undefined };
      const groups = events.flatMap((one) =>
        one.name === 'message.reaction' ? [one.data.chatId] : [],
      );
      // After the events were read: what was set before one of them is in these lists.
      const [admins, routes] = await Promise.all([
        tools.admins.over(),
        tools.routes.from([...new Set(groups)]),
      ]);
      const deciding = new Deciding(tools, admins, routes);
      for (const one of events) deciding.about(one);
      return { steps: deciding.steps, committed: () => deciding.wake() };
    },
  };
}

/** Goes through one batch of events. */
class Deciding {
  readonly steps: WriteStep[] = [];
  /** Lanes with something to do, by their names. */
  private readonly lanes = new Map<string, () => void>();
  private readonly stars: Stars;

  constructor(
    private readonly tools: Tools,
    private readonly admins: AdminsOverTime,
    private readonly routes: readonly RouteRow[],
  ) {
    this.stars = new Stars(tools.database);
  }

  /** Hints that there is something to do. */
  wake(): void {
    for (const wake of this.lanes.values()) wake();
  }

  about({ name, event, data }: Relevant): void {
    if (name === 'session.message') this.said(event, data);
    else if (name === 'message.reaction') this.reacted(event, data);
    else if (name === 'session.deleted') this.forget(event);
    else {
      const isTagged = name === 'message.edited' && tagsOf(data.content).length > 0;
      this.takeIn(event, data, { cause: isTagged ? 'flagged' : 'changed' });
    }
  }

  private said(event: StoredEvent, data: EventData<'session.message'>): void {
    const { message, senderAltJid } = data;
    const sender = { jid: message.senderJid, altJid: senderAltJid };
    const byAdmin = this.admins.include(sender, event.position);
    if (!byAdmin && tagsOf(message.content).length === 0) return;
    const about = { chatId: message.chatId, messageId: message.id };
    this.takeIn(event, about, { cause: 'flagged', byAdmin });
  }

  private reacted(event: StoredEvent, data: EventData<'message.reaction'>): void {
    const { senderJid, senderAltJid, chatId: groupId, messageId } = data;
    const person = { jid: senderJid, altJid: senderAltJid };
    if (!this.admins.include(person, event.position)) return;
    const { owner_id: ownerId, session_id: sessionId, position } = event;
    const message = { ownerId, groupId, messageId };
    const reacted = { ...message, person, at: Date.parse(data.timestamp) };
    if (!isStar(data.emoji)) {
      this.steps.push(this.stars.taken(reacted));
      this.takeIn(event, data, { cause: 'changed' });
      return;
    }
    this.steps.push(this.stars.given(reacted));
    this.takeIn(event, data, { cause: 'star' });
    this.forward({ ...message, sessionId, position });
  }

  private forward(approval: Approval): void {
    const { forwards, queue, clock } = this.tools;
    for (const route of this.routes) {
      const isFor = route.source_jid === approval.groupId && route.owner_id === approval.ownerId;
      if (!isFor || !holds(route, approval.position)) continue;
      const lane = route.session_id;
      for (const target of targetsOf(route)) {
        const forwardId = forwards.idOf(approval, target);
        const options = { lane, key: target, unique: `forward:${forwardId}` };
        this.steps.push(
          forwards.note(approval, route, target, clock.now()),
          // When it was forwarded before, the job finds that out.
          queue.add(forwardJob, { forwardId }, options),
        );
        this.lanes.set(`forward:${lane}`, () => queue.wake(forwardJob, lane));
      }
    }
  }

  private takeIn(
    event: StoredEvent,
    { chatId: groupId, messageId }: { chatId: string; messageId: string },
    { cause, byAdmin = false }: Pick<Ingest, 'cause'> & { byAdmin?: boolean },
  ): void {
    const { queue } = this.tools;
    const { owner_id: ownerId, session_id: sessionId } = event;
    const payload = { ownerId, sessionId, groupId, messageId, byAdmin, cause };
    const key = `${ownerId}/${groupId}/${messageId}`;
    this.steps.push(queue.add(ingestJob, payload, { key }));
    this.lanes.set('ingest', () => queue.wake(ingestJob));
  }

  private forget({ owner_id: ownerId, session_id: sessionId, position }: StoredEvent): void {
    const { queue, routes } = this.tools;
    const job = queue.add(forgetJob, { ownerId, sessionId });
    this.steps.push(routes.endOf(sessionId, position), job);
    this.lanes.set('forget', () => queue.wake(forgetJob));
  }
}
