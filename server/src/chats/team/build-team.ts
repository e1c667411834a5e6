import type { Logger } from 'pino';
import type { SessionAccess } from '../../auth/session-access.js';
import type { Database } from '../../db/database.js';
import type { EventLog } from '../../event-log/event-log.js';
import type { PassingEvents } from '../../event-log/passing-events.js';
import { chatJidOf } from '../chat-address.js';
import type { ChatStore } from '../chat-store.js';
import { AbsentAssignees } from './absent-assignees.js';
import { nameOf } from './author.js';
import { CannedReplies } from './canned-replies.js';
import { Notes } from './notes.js';
import { TeamLabels } from './team-labels.js';
import { TeamState } from './team-state.js';

/** What a team works with, for the house. */
export function buildTeam(
  database: Database,
  chats: ChatStore,
  { log, passing }: { log: EventLog; passing: PassingEvents },
  access: SessionAccess,
  logger: Logger,
) {
  const notes = new Notes(database, chats, log);
  const state = new TeamState(database, chats, log, access);
  const absent = new AbsentAssignees(database, state, access, logger);
  return {
    notes,
    state,
    parts: [notes, state, new TeamLabels(database, passing), new CannedReplies(database, passing)],
    start: () => absent.start(),
    stop: () => absent.stop(),
    /** For those who tell who has which chat open. */
    people: {
      chatOf: (sessionId: string, chatId: string) => chats.find(sessionId, chatJidOf(chatId)),
      nameOf: (userId: string) => nameOf(database, userId),
    },
  };
}
