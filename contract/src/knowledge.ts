import { z } from 'zod';
import { Group } from './groups.js';
import { MessageStatus, SendFailure } from './message.js';
import { SessionId } from './session.js';

const GroupId = z.string().regex(/^[\d-]{5,64}@g\.us$/, 'a group id like 120363000000000000@g.us');

/** A group as one of the accounts has it. */
export const AccountGroup = Group.extend({
  sessionId: z.string(),
  /** The account by the name that pages show. */
  accountName: z.string().nullable(),
}).meta({ id: 'AccountGroup' });
export type AccountGroup = z.infer<typeof AccountGroup>;

/** Groups of all accounts, by account and id; `after` continues the list, null at its end. */
export const AccountGroupPage = z
  .object({ groups: z.array(AccountGroup), after: z.string().nullable() })
  .meta({ id: 'AccountGroupPage' });
export type AccountGroupPage = z.infer<typeof AccountGroupPage>;

/** Body of POST /api/routes: what is approved in the source is forwarded to the targets. */
export const CreateRoute = z
  .object({
    sourceGroupId: GroupId,
    targetGroupIds: z.array(GroupId).min(1).max(50),
    sessionId: SessionId.optional().describe(
      'The account that forwards; absent: one that is in the source and in all targets',
    ),
  })
  .strict()
  .meta({ id: 'CreateRoute' });
export type CreateRoute = z.infer<typeof CreateRoute>;

/** A group by its id and the name that the forwarding account knows; null: it knows none. */
const NamedGroup = z.object({ id: z.string(), subject: z.string().nullable() });

export const Route = z
  .object({
    id: z.string(),
    sourceGroupId: z.string(),
    targetGroupIds: z.array(z.string()),
    sessionId: z.string().describe('The account that forwards'),
    source: NamedGroup,
    targets: z.array(
      NamedGroup.extend({ isMember: z.boolean().describe('Whether the account is in it') }),
    ),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Route' });
export type Route = z.infer<typeof Route>;

/** Routes, oldest first; `after` continues the list, null at its end. */
export const RoutePage = z
  .object({ routes: z.array(Route), after: z.string().nullable() })
  .meta({ id: 'RoutePage' });
export type RoutePage = z.infer<typeof RoutePage>;

/** What a test of a route did: one short message to each target. */
export const RouteTest = z
  .object({
    results: z.array(
      z.object({
        targetGroupId: z.string(),
        accepted: z.boolean(),
        messageId: z.string().nullable(),
        error: z.string().nullable().describe('Why it cannot be sent there'),
      }),
    ),
  })
  .meta({ id: 'RouteTest' });
export type RouteTest = z.infer<typeof RouteTest>;

/** `pending`: not in the outbox yet; then the state of the message itself. */
export const ForwardState = z
  .union([z.literal('pending'), MessageStatus])
  .describe('`pending` before it is in the outbox, then how far the message has come')
  .meta({ id: 'ForwardState' });
export type ForwardState = z.infer<typeof ForwardState>;

/** An approved message that a route passed on, once for each target. */
export const Forward = z
  .object({
    id: z.string(),
    routeId: z.string(),
    sessionId: z.string().describe('The account that forwards'),
    sourceGroupId: z.string(),
    targetGroupId: z.string(),
    sourceSubject: z.string().nullable(),
    targetSubject: z.string().nullable(),
    sourceMessageId: z.string(),
    /** The head of what was forwarded; null when it is no longer known. */
    text: z.string().nullable(),
    state: ForwardState,
    messageId: z.string().nullable().describe('The message in the target, once it has an id'),
    error: z.string().nullable(),
    failure: SendFailure.optional(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Forward' });
export type Forward = z.infer<typeof Forward>;

/** Forwards, newest first; `before` continues towards older ones, null at the beginning. */
export const ForwardList = z
  .object({ forwards: z.array(Forward), before: z.string().nullable() })
  .meta({ id: 'ForwardList' });
export type ForwardList = z.infer<typeof ForwardList>;

/** Whose star approves, and whose messages are knowledge without a tag. */
export const KnowledgeAdmin = z
  .object({
    jid: z.string(),
    phone: z.string().nullable(),
    name: z.string().nullable(),
  })
  .meta({ id: 'KnowledgeAdmin' });
export type KnowledgeAdmin = z.infer<typeof KnowledgeAdmin>;

export const KnowledgeAdmins = z
  .object({ admins: z.array(KnowledgeAdmin) })
  .meta({ id: 'KnowledgeAdmins' });
export type KnowledgeAdmins = z.infer<typeof KnowledgeAdmins>;

/** Body of PUT /api/knowledge/admins: the whole list anew, as phone numbers or jids (PN or LID). */
export const SetKnowledgeAdmins = z
  .object({ admins: z.array(z.string().trim().min(3).max(128)).max(200) })
  .strict()
  .meta({ id: 'SetKnowledgeAdmins' });
export type SetKnowledgeAdmins = z.infer<typeof SetKnowledgeAdmins>;

const highlights = z
  .array(z.object({ start: z.number().int(), end: z.number().int() }))
  .describe('Where it stands in `text`, in UTF-16 units; `end` is excluded');

/** An approved message of a group, as the search finds it. */
export const KnowledgeItem = z
  .object({
    messageId: z.string(),
    groupId: z.string(),
    groupSubject: z.string().nullable(),
    /** An account that the caller may use and that has the message in its thread. */
    sessionId: z.string(),
    senderJid: z.string().nullable(),
    senderPhone: z.string().nullable(),
    senderName: z.string().nullable(),
    type: z.string(),
    text: z.string(),
    tags: z.array(z.string()),
    timestamp: z.iso.datetime(),
    approvedAt: z.iso.datetime(),
  })
  .meta({ id: 'KnowledgeItem' });
export type KnowledgeItem = z.infer<typeof KnowledgeItem>;

export const KnowledgeHits = z
  .object({
    results: z.array(
      z.object({
        item: KnowledgeItem,
        snippet: z.object({
          text: z.string().describe('The text around what was found'),
          highlights,
        }),
      }),
    ),
    after: z.string().nullable().describe('Continues the results; null at their end'),
    degraded: z
      .boolean()
      .describe('The search engine was away; the database answered in its place'),
  })
  .meta({ id: 'KnowledgeHits' });
export type KnowledgeHits = z.infer<typeof KnowledgeHits>;

/** What a search can be narrowed by: the tags of approved messages, the most used first. */
export const KnowledgeTags = z
  .object({ tags: z.array(z.object({ tag: z.string(), count: z.number().int() })) })
  .meta({ id: 'KnowledgeTags' });
export type KnowledgeTags = z.infer<typeof KnowledgeTags>;

/** How far making the search index anew has come. */
export const ReindexState = z
  .object({
    running: z.boolean(),
    done: z.number().int().describe('Messages that were gone through'),
    total: z.number().int().describe('Kept messages when it began'),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'ReindexState' });
export type ReindexState = z.infer<typeof ReindexState>;
