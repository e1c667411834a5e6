import { z } from 'zod';
import { Phone, SessionId } from './session.js';

/** Admins use all accounts and let people in; agents use their own and those shared with them. */
export const Role = z.enum(['admin', 'agent']).meta({ id: 'Role' });
export type Role = z.infer<typeof Role>;

/**
 * What an API key allows. `read`: see; `send`: speak as the account, and all that belongs to
 * answering; `manage`: change the account itself, its groups, webhooks.
 */
export const Action = z.enum(['read', 'send', 'manage']).meta({ id: 'Action' });
export type Action = z.infer<typeof Action>;

const Line = z
  .string()
  .trim()
  .regex(/^[^\p{Cc}]*$/u, 'must not hold control characters');
const Name = Line.min(1).max(100);
const Email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .regex(/^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u, 'an e-mail address');
const Password = z.string().min(10, 'at least 10 characters').max(200);
/** What a link ends with: 32 random bytes. */
const Token = z.string().min(20).max(200);
const Id = z.string().regex(/^[\w-]{1,64}$/, 'not an id');

export const UserId = Id.meta({ id: 'UserId' });
const Actions = z.array(Action).min(1).max(3);
const Sessions = z.array(SessionId).min(1).max(1000);

export const User = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    role: Role,
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'User' });
export type User = z.infer<typeof User>;

export const UserPage = z
  .object({ users: z.array(User), after: z.string().nullable() })
  .meta({ id: 'UserPage' });
export type UserPage = z.infer<typeof UserPage>;

/** Whether this server has no user yet. */
export const SetUpState = z.object({ needed: z.boolean() }).meta({ id: 'SetUpState' });
export type SetUpState = z.infer<typeof SetUpState>;

/** Body of POST /api/setup. `token`: what the server printed when it started, or the API key. */
export const SetUp = z
  .object({ token: z.string().min(1).max(512), email: Email, name: Name, password: Password })
  .strict()
  .meta({ id: 'SetUp' });
export type SetUp = z.infer<typeof SetUp>;

/** Body of POST /api/auth/sign-in: as a user, or as the operator with the server's API key. */
export const SignIn = z
  .union([
    z.object({ email: Email, password: z.string().min(1).max(200) }).strict(),
    z.object({ apiKey: z.string().min(1).max(512) }).strict(),
  ])
  .meta({ id: 'SignIn' });
export type SignIn = z.infer<typeof SignIn>;

/** Who is asking, and what this server is. */
export const Me = z
  .object({
    userId: z.string(),
    /** Null: the operator's key, before there is a user. */
    name: z.string().nullable(),
    email: z.string().nullable(),
    role: Role,
    actions: z.array(Action),
    /** Null: all that the user may use. */
    sessions: z.array(z.string()).nullable(),
    whatsappPhone: z.string().nullable(),
    /** Whether the first steps were taken or skipped. */
    onboarded: z.boolean(),
    /** How many accounts a user may have; null: any number. */
    maxSessions: z.number().int().nullable(),
    version: z.string(),
    /** Present when the server speaks to a sandbox. `pageUrl` shows its simulated phones. */
    sandbox: z.object({ pageUrl: z.string() }).nullable(),
    /** Largest file that may be sent, in bytes. */
    maxUploadBytes: z.number().int(),
  })
  .meta({ id: 'Me' });
export type Me = z.infer<typeof Me>;

export const ChangeMe = z
  .object({ name: Name, onboarded: z.literal(true) })
  .partial()
  .strict()
  .meta({ id: 'ChangeMe' });
export type ChangeMe = z.infer<typeof ChangeMe>;

/** Body of POST /api/users/update-phone: the caller's own WhatsApp number; null forgets it. */
export const UpdatePhone = z
  .object({ whatsappPhone: Phone.nullable() })
  .strict()
  .meta({ id: 'UpdatePhone' });
export type UpdatePhone = z.infer<typeof UpdatePhone>;

export const ChangePassword = z
  .object({ current: z.string().min(1).max(200), next: Password })
  .strict()
  .meta({ id: 'ChangePassword' });
export type ChangePassword = z.infer<typeof ChangePassword>;

/** A browser in which a user has signed in. */
export const Login = z
  .object({
    id: z.string(),
    /** Whether it is the one that asks. */
    current: z.boolean(),
    address: z.string(),
    /** The browser's own name for itself. */
    browser: z.string(),
    createdAt: z.iso.datetime(),
    usedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'Login' });
export type Login = z.infer<typeof Login>;

export const LoginPage = z
  .object({ logins: z.array(Login), before: z.string().nullable() })
  .meta({ id: 'LoginPage' });
export type LoginPage = z.infer<typeof LoginPage>;

/** Body of POST /api/auth/token; without a body the bearer may do what the caller may. */
export const RequestToken = z
  .object({ minutes: z.number().int().min(1).max(60), actions: Actions, sessions: Sessions })
  .partial()
  .strict()
  .meta({ id: 'RequestToken' });
export type RequestToken = z.infer<typeof RequestToken>;

export const BearerToken = z
  .object({ token: z.string(), expiresAt: z.iso.datetime() })
  .meta({ id: 'BearerToken' });
export type BearerToken = z.infer<typeof BearerToken>;

/** Body of POST /api/invitations. */
export const Invite = z
  .object({
    role: Role,
    email: Email.optional().describe('For this address only'),
    days: z.number().int().min(1).max(30).optional().describe('How long it can be used; 7'),
  })
  .strict()
  .meta({ id: 'Invite' });
export type Invite = z.infer<typeof Invite>;

export const Invitation = z
  .object({
    id: z.string(),
    role: Role,
    email: z.string().nullable(),
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'Invitation' });
export type Invitation = z.infer<typeof Invitation>;

export const InvitationPage = z
  .object({ invitations: z.array(Invitation), before: z.string().nullable() })
  .meta({ id: 'InvitationPage' });
export type InvitationPage = z.infer<typeof InvitationPage>;

/** A link to be used once: the page `/join#<token>`. The token is shown only here. */
export const OneTimeLink = z
  .object({ id: z.string(), token: z.string(), path: z.string(), expiresAt: z.iso.datetime() })
  .meta({ id: 'OneTimeLink' });
export type OneTimeLink = z.infer<typeof OneTimeLink>;

export const LinkToken = z.object({ token: Token }).strict().meta({ id: 'LinkToken' });
export type LinkToken = z.infer<typeof LinkToken>;

/** What a link is for. */
export const LinkPurpose = z
  .object({
    kind: z.enum(['invitation', 'reset']),
    role: Role,
    /** Whom it is for, where that is said. */
    email: z.string().nullable(),
    name: z.string().nullable(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'LinkPurpose' });
export type LinkPurpose = z.infer<typeof LinkPurpose>;

/** Body of POST /api/auth/links/use. E-mail and name belong to an invitation. */
export const UseLink = z
  .object({ token: Token, password: Password, email: Email.optional(), name: Name.optional() })
  .strict()
  .meta({ id: 'UseLink' });
export type UseLink = z.infer<typeof UseLink>;

export const ChangeUser = z
  .object({ role: Role, name: Name })
  .partial()
  .strict()
  .meta({ id: 'ChangeUser' });
export type ChangeUser = z.infer<typeof ChangeUser>;

/** Body of POST /api/keys. */
export const CreateApiKey = z
  .object({
    name: Name,
    actions: Actions,
    sessions: Sessions.nullable().optional().describe('Only these; null: all its user may use'),
    expiresInDays: z.number().int().min(1).max(3650).optional().describe('Absent: never'),
  })
  .strict()
  .meta({ id: 'CreateApiKey' });
export type CreateApiKey = z.infer<typeof CreateApiKey>;

export const ApiKey = z
  .object({
    id: z.string(),
    userId: z.string(),
    name: z.string(),
    /** The last characters of the key. */
    hint: z.string(),
    actions: z.array(Action),
    sessions: z.array(z.string()).nullable(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable(),
    lastUsedAt: z.iso.datetime().nullable(),
    revokedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'ApiKey' });
export type ApiKey = z.infer<typeof ApiKey>;

/** The one time that a key is told. */
export const NewApiKey = ApiKey.extend({ key: z.string() }).meta({ id: 'NewApiKey' });
export type NewApiKey = z.infer<typeof NewApiKey>;

export const ApiKeyPage = z
  .object({ keys: z.array(ApiKey), before: z.string().nullable() })
  .meta({ id: 'ApiKeyPage' });
export type ApiKeyPage = z.infer<typeof ApiKeyPage>;

/** With whom an account is shared beside its owner and admins. */
export const SessionShares = z
  .object({ everybody: z.boolean(), userIds: z.array(UserId).max(1000) })
  .strict()
  .meta({ id: 'SessionShares' });
export type SessionShares = z.infer<typeof SessionShares>;

export const AuditAction = z
  .enum([
    'server.set_up',
    'user.signed_in',
    'user.signed_out_everywhere',
    'user.joined',
    'user.changed',
    'user.removed',
    'user.password_changed',
    'user.password_reset',
    'invitation.created',
    'invitation.revoked',
    'reset_link.created',
    'key.created',
    'key.revoked',
    'session.created',
    'session.closed',
    'session.removed',
    'session.deleted',
    'session.shared',
    'session.settings_changed',
    'webhook.created',
    'webhook.changed',
    'webhook.deleted',
    'label.deleted',
    'route.created',
    'route.deleted',
    'route.tested',
    'knowledge.admins_changed',
    'knowledge.reindexed',
    'jobs.retried',
    'chatbot.created',
    'chatbot.changed',
    'chatbot.deleted',
    'bulk.created',
    'bulk.paused',
    'bulk.resumed',
    'bulk.cancelled',
    'bulk.deleted',
    'template.created',
    'template.changed',
    'template.deleted',
  ])
  .meta({ id: 'AuditAction' });
export type AuditAction = z.infer<typeof AuditAction>;

export const AuditEntry = z
  .object({
    number: z.number().int(),
    at: z.iso.datetime(),
    userId: z.string(),
    /** Null: the operator's key, before there is a user. */
    userName: z.string().nullable(),
    via: z.enum(['cookie', 'key', 'jwt', 'instance-key']),
    keyId: z.string().nullable(),
    action: AuditAction,
    /** The id of what it was done to. */
    target: z.string().nullable(),
    address: z.string(),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntry = z.infer<typeof AuditEntry>;

export const AuditPage = z
  .object({ entries: z.array(AuditEntry), before: z.string().nullable() })
  .meta({ id: 'AuditPage' });
export type AuditPage = z.infer<typeof AuditPage>;
