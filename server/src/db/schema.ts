import type { AccessTables } from './schema/access.js';
import type { BulkTables } from './schema/bulk.js';
import type { ChatbotTables } from './schema/chatbots.js';
import type { ChatTables } from './schema/chats.js';
import type { ClusterTables } from './schema/cluster.js';
import type { EventTables } from './schema/events.js';
import type { JobTables } from './schema/jobs.js';
import type { KnowledgeTables } from './schema/knowledge.js';
import type { MediaTables } from './schema/media.js';
import type { OutboxTables } from './schema/outbox.js';
import type { SessionTables } from './schema/sessions.js';
import type { WebhookTables } from './schema/webhooks.js';

/**
 * All tables; each is written by the folder that owns it. Times are milliseconds since the epoch, flags are
 * 0 or 1, JSON is text, on both databases.
 */
export interface Schema
  extends AccessTables,
    BulkTables,
    ChatbotTables,
    ChatTables,
    ClusterTables,
    EventTables,
    JobTables,
    KnowledgeTables,
    MediaTables,
    OutboxTables,
    SessionTables,
    WebhookTables {}
