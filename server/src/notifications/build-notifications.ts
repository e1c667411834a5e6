import type { Logger } from 'pino';
import type { Audit } from '../auth/audit.js';
import type { SessionAccess } from '../auth/session-access.js';
import type { Users } from '../auth/users.js';
import type { ChatStore } from '../chats/chat-store.js';
import type { Database } from '../db/database.js';
import type { Sending } from '../outbox/sending.js';
import type { Redis } from '../redis/redis.js';
import type { Creating } from '../sessions/creating.js';
import type { SessionAbilities } from '../sessions/session-abilities.js';
import type { SessionStore } from '../sessions/session-store.js';
import type { Supervisor } from '../sessions/supervisor.js';
import type { NumberPlan } from '../whatsapp/phone-number.js';
import { DefaultSessions } from './default-session.js';
import { NotificationSending } from './notification-sending.js';
import { NumberCache } from './number-cache.js';
import { OneNumber } from './one-number.js';

interface Surroundings {
  database: Database;
  access: SessionAccess;
  users: Users;
  audit: Audit;
  store: SessionStore;
  supervisor: Supervisor;
  creating: Creating;
  abilities: SessionAbilities;
  chats: ChatStore;
  sending: Sending;
  numbers: NumberPlan;
  redis: Redis | undefined;
  logger: Logger;
}

/** The notification API: which session it speaks for, what it tells of it, and what it sends. */
export function buildNotifications(around: Surroundings) {
  const { database, access, users, store, creating, redis, logger } = around;
  const defaults = new DefaultSessions(database, access, creating);
  store.onDelete((id) => defaults.forget(id));
  users.onRemove((id) => defaults.forgetUser(id));
  const cache = new NumberCache(store, defaults, redis, logger);
  const parts = [
    new OneNumber({ ...around, defaults, cache }),
    new NotificationSending({ ...around, defaults }),
  ];
  return { cache, parts };
}
