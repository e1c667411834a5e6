import { z } from 'zod';
import { Jid } from './jid.js';

export const GroupRole = z.enum(['member', 'admin', 'superadmin']).meta({ id: 'GroupRole' });
export type GroupRole = z.infer<typeof GroupRole>;

export const Group = z
  .object({
    id: z.string(),
    subject: z.string(),
    description: z.string().nullable(),
    /** Who made it. */
    ownerJid: z.string().nullable(),
    createdAt: z.iso.datetime().nullable(),
    /** Only admins can write. */
    announce: z.boolean(),
    /** Only admins can change subject, description and picture. */
    locked: z.boolean(),
    /** Admins decide who may come in by the invite link. */
    joinApproval: z.boolean(),
    /** After how many seconds messages disappear; 0: never. */
    ephemeralSeconds: z.number().int(),
    size: z.number().int(),
    /** False when the account left or was removed. */
    isMember: z.boolean(),
    /** What the account itself is in the group; null when it is no member. */
    ownRole: GroupRole.nullable(),
    profilePicUrl: z.string().nullable(),
  })
  .meta({ id: 'Group' });
export type Group = z.infer<typeof Group>;

export const GroupPage = z
  .object({ groups: z.array(Group), after: z.string().nullable() })
  .meta({ id: 'GroupPage' });
export type GroupPage = z.infer<typeof GroupPage>;

export const GroupParticipant = z
  .object({
    jid: z.string(),
    phone: z.string().nullable(),
    name: z.string().nullable(),
    role: GroupRole,
  })
  .meta({ id: 'GroupParticipant' });
export type GroupParticipant = z.infer<typeof GroupParticipant>;

export const ParticipantPage = z
  .object({ participants: z.array(GroupParticipant), after: z.string().nullable() })
  .meta({ id: 'ParticipantPage' });
export type ParticipantPage = z.infer<typeof ParticipantPage>;

/** The times that WhatsApp offers: never, a day, a week, 90 days. */
export const TimerSeconds = z.union([
  z.literal(0),
  z.literal(86_400),
  z.literal(604_800),
  z.literal(7_776_000),
]);

const subject = z.string().trim().min(1).max(100);
/** Phone numbers in digits, or jids. */
const people = z.array(Jid);

export const CreateGroup = z
  .object({ subject, participants: people.min(1).max(1024) })
  .strict()
  .meta({ id: 'CreateGroup' });
export type CreateGroup = z.infer<typeof CreateGroup>;

/** Body of PATCH: what it names is changed. An empty description takes it away. */
export const ChangeGroup = z
  .object({
    subject: subject.optional(),
    description: z.string().max(2048).optional(),
    announce: z.boolean().optional(),
    locked: z.boolean().optional(),
    joinApproval: z.boolean().optional(),
    ephemeralSeconds: TimerSeconds.optional(),
  })
  .strict()
  .refine((body) => Object.keys(body).length > 0, 'name at least one thing to change')
  .meta({ id: 'ChangeGroup' });
export type ChangeGroup = z.infer<typeof ChangeGroup>;

export const ParticipantAction = z.enum(['add', 'remove', 'promote', 'demote']);
export type ParticipantAction = z.infer<typeof ParticipantAction>;

export const ChangeParticipants = z
  .object({ action: ParticipantAction, participants: people.min(1).max(256) })
  .strict()
  .meta({ id: 'ChangeParticipants' });
export type ChangeParticipants = z.infer<typeof ChangeParticipants>;

/** One result per person asked for, as WhatsApp answered. */
export const ParticipantResults = z
  .object({
    results: z.array(
      z.object({
        jid: z.string(),
        success: z.boolean(),
        /** WhatsApp's number: 200 done, 403 their privacy forbids it, 404 unknown, 409 already so. */
        code: z.number().int(),
      }),
    ),
  })
  .meta({ id: 'ParticipantResults' });
export type ParticipantResults = z.infer<typeof ParticipantResults>;

export const GroupInviteLink = z
  .object({ code: z.string(), url: z.string() })
  .meta({ id: 'GroupInviteLink' });
export type GroupInviteLink = z.infer<typeof GroupInviteLink>;

/** `code`: the code, or the whole link that it is part of. */
export const JoinGroup = z
  .object({ code: z.string().trim().min(8).max(128) })
  .strict()
  .meta({ id: 'JoinGroup' });
export type JoinGroup = z.infer<typeof JoinGroup>;

export const JoinedGroup = z
  .object({
    groupId: z.string(),
    pending: z.boolean().describe('An admin has to approve it first'),
  })
  .meta({ id: 'JoinedGroup' });
export type JoinedGroup = z.infer<typeof JoinedGroup>;

/** Somebody who asked to be let in. */
export const JoinRequest = z
  .object({
    jid: z.string(),
    phone: z.string().nullable(),
    name: z.string().nullable(),
    requestedAt: z.iso.datetime().nullable(),
    method: z.string().nullable().describe("WhatsApp's word for how, as `invite_link`"),
  })
  .meta({ id: 'JoinRequest' });
export type JoinRequest = z.infer<typeof JoinRequest>;

export const JoinRequestPage = z
  .object({ requests: z.array(JoinRequest), after: z.string().nullable() })
  .meta({ id: 'JoinRequestPage' });
export type JoinRequestPage = z.infer<typeof JoinRequestPage>;

export const AnswerJoinRequests = z
  .object({ action: z.enum(['approve', 'reject']), participants: people.min(1).max(256) })
  .strict()
  .meta({ id: 'AnswerJoinRequests' });
export type AnswerJoinRequests = z.infer<typeof AnswerJoinRequests>;
