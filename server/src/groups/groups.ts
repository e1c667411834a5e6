import type {
  AnswerJoinRequests,
  ChangeGroup,
  ChangeParticipants,
  CreateGroup,
  Group,
  GroupInviteLink,
  GroupPage,
  JoinedGroup,
  JoinRequestPage,
  ParticipantPage,
  ParticipantResults,
} from '@patchbay/contract';
import type { SessionScope as Scope } from '../auth/principal.js';
import { personOf } from '../chats/chat-address.js';
import { ApiError } from '../http/api-error.js';
import { decodeCursor, encodeCursor } from '../http/cursor.js';
import type { SessionAbilities } from '../sessions/session-abilities.js';
import { isLidJid } from '../whatsapp/jid.js';
import { type GroupPages, phoneAmong } from './group-pages.js';

type Page = Parameters<GroupPages['list']>[1];

const INVITE_URL = 'https://chat.whatsapp.com/';
/** WhatsApp makes 640 by 640 pixels of it. */
const MAX_PICTURE_BYTES = 1_000_000;
const JPEG_BEGINS = Buffer.from([0xff, 0xd8, 0xff]);

/**
 * Groups as the API has them: read from what is stored, changed at WhatsApp and, once that is done,
 * here too. (WhatsApp tells the other devices of a change, not the one that made it.)
 */
export class Groups {
  constructor(
    private readonly pages: GroupPages,
    private readonly abilities: SessionAbilities,
  ) {}

  async list(scope: Scope, page: Page): Promise<GroupPage> {
    await this.abilities.check(scope);
    return await this.pages.list(scope.id, page);
  }

  async get(scope: Scope, jid: string): Promise<Group> {
    await this.abilities.check(scope);
    return await this.pages.get(scope.id, jid);
  }

  async participants(scope: Scope, jid: string, page: Page): Promise<ParticipantPage> {
    await this.get(scope, jid);
    return await this.pages.participants(scope.id, jid, page);
  }

  async create(scope: Scope, { subject, participants }: CreateGroup): Promise<Group> {
    const people = participants.map(personOf);
    return await this.abilities.use(scope, 'groups', async (groups, told) => {
      const group = await groups.create(subject, people);
      await told({ type: 'groups', groups: [group] });
      return await this.pages.get(scope.id, group.jid);
    });
  }

  async change(scope: Scope, jid: string, change: ChangeGroup): Promise<Group> {
    await this.get(scope, jid);
    const { subject, description, announce, locked, joinApproval, ephemeralSeconds } = change;
    return await this.use(scope, async (groups, told) => {
      // One after another: what was done is told even when the next is refused.
      const done = (part: ChangeGroup) => told({ type: 'group-changed', jid, change: part });
      if (subject !== undefined) {
        await groups.setSubject(jid, subject);
        await done({ subject });
      }
      if (description !== undefined) {
        await groups.setDescription(jid, description);
        await done({ description });
      }
      if (announce !== undefined) {
        await groups.setAnnounce(jid, announce);
        await done({ announce });
      }
      if (locked !== undefined) {
        await groups.setLocked(jid, locked);
        await done({ locked });
      }
      if (joinApproval !== undefined) {
        await groups.setJoinApproval(jid, joinApproval);
        await done({ joinApproval });
      }
      if (ephemeralSeconds !== undefined) {
        await groups.setEphemeral(jid, ephemeralSeconds);
        await done({ ephemeralSeconds });
      }
      return await this.pages.get(scope.id, jid);
    });
  }

  async changeParticipants(
    scope: Scope,
    jid: string,
    { action, participants }: ChangeParticipants,
  ): Promise<ParticipantResults> {
    await this.get(scope, jid);
    const people = participants.map(personOf);
    return await this.use(scope, async (groups, told) => {
      const results = await groups.changeParticipants(jid, action, people);
      // WhatsApp may name people otherwise than we did, so the group is read anew.
      if (results.some(({ code }) => code === 200)) {
        await told({ type: 'groups', groups: [await groups.fetch(jid)] });
      }
      return { results: results.map((one) => ({ ...one, success: one.code === 200 })) };
    });
  }

  /** @param picture the body of the request; null takes the picture away */
  async setPicture(scope: Scope, jid: string, picture: unknown): Promise<void> {
    const jpeg = picture === null ? null : jpegOf(picture);
    await this.get(scope, jid);
    await this.use(scope, async (groups, told) => {
      await groups.setPicture(jid, jpeg);
      await told({ type: 'picture', jid, removed: jpeg === null });
    });
  }

  /** @param anew makes the link invalid that there was */
  async invite(scope: Scope, jid: string, anew: boolean): Promise<GroupInviteLink> {
    await this.get(scope, jid);
    const code = await this.use(scope, (groups) =>
      anew ? groups.revokeInvite(jid) : groups.inviteCode(jid),
    );
    return { code, url: INVITE_URL + code };
  }

  /** Who asks to be let in, by jid; WhatsApp is asked. */
  async joinRequests(scope: Scope, jid: string, page: Page): Promise<JoinRequestPage> {
    await this.get(scope, jid);
    const all = await this.use(scope, (groups) => groups.joinRequests(jid));
    const from = page.after ? decodeCursor(page.after, ['string'])[0] : '';
    const rest = all.filter((one) => one.jid > from).sort((a, b) => (a.jid < b.jid ? -1 : 1));
    const some = rest.slice(0, page.limit);
    const names = await this.pages.names(
      scope.id,
      some.flatMap((one) => (one.altJid ? [one.jid, one.altJid] : [one.jid])),
    );
    const last = some.at(-1);
    return {
      requests: some.map(({ jid: person, altJid, requestedAt, method }) => ({
        jid: person,
        phone: phoneAmong(person, altJid),
        name: names.get(person) || names.get(altJid ?? '') || null,
        requestedAt: requestedAt === undefined ? null : new Date(requestedAt).toISOString(),
        method: method ?? null,
      })),
      after: rest.length > some.length && last ? encodeCursor(last.jid) : null,
    };
  }

  async answerJoinRequests(
    scope: Scope,
    jid: string,
    { action, participants }: AnswerJoinRequests,
  ): Promise<ParticipantResults> {
    await this.get(scope, jid);
    const people = participants.map(personOf);
    return await this.use(scope, async (groups, told) => {
      const results = await groups.answerJoinRequests(jid, action, people);
      if (action === 'approve' && results.some(({ code }) => code === 200)) {
        await told({ type: 'groups', groups: [await groups.fetch(jid)] });
      }
      return { results: results.map((one) => ({ ...one, success: one.code === 200 })) };
    });
  }

  /** @param link the code, or the link with it */
  async join(scope: Scope, link: string): Promise<JoinedGroup> {
    const code = /([A-Za-z0-9]{8,64})(?:[/?#].*)?$/.exec(link)?.[1];
    if (!code) throw new ApiError('invalid_request', 'code must be an invite code or link');
    return await this.use(scope, async (groups, told) => {
      const { jid, pending } = await groups.join(code);
      if (!pending) await told({ type: 'groups', groups: [await groups.fetch(jid)] });
      return { groupId: jid, pending };
    });
  }

  async leave(scope: Scope, jid: string): Promise<void> {
    const { isMember } = await this.get(scope, jid);
    if (!isMember) throw new ApiError('group_not_found', 'The account is not in this group');
    await this.use(scope, async (groups, told) => {
      await groups.leave(jid);
      const participants = await this.self(scope);
      await told({
        type: 'group-participants',
        jid,
        action: 'remove',
        participants,
        includesMe: true,
      });
    });
  }

  private async self({ id }: Scope) {
    const own = await this.pages.ownJids(id);
    const jid = own.find(isLidJid) ?? own[0] ?? '';
    const altJid = own.find((other) => other !== jid);
    return [{ jid, ...(altJid && { altJid }), role: 'member' as const }];
  }

  private async use<T>(
    scope: Scope,
    work: Parameters<typeof this.abilities.use<'groups', T>>[2],
  ): Promise<T> {
    return await this.abilities.use(scope, 'groups', work, 'group_not_found');
  }
}

function jpegOf(body: unknown): Uint8Array {
  if (!(body instanceof Uint8Array) || !JPEG_BEGINS.equals(body.subarray(0, 3))) {
    throw new ApiError('unsupported_media_type', 'The picture must be a JPEG, sent as image/jpeg');
  }
  if (body.length > MAX_PICTURE_BYTES) {
    throw new ApiError('payload_too_large', 'The picture must be smaller than 1 MB');
  }
  return body;
}
