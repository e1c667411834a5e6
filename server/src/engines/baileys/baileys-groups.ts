import type { ParticipantAction } from '@patchbay/contract';
import { normalizeJid } from '../../whatsapp/jid.js';
import type { EngineJoinRequest, GroupAbilities } from '../engine-abilities.js';
import { EngineError } from '../engine-error.js';
import type { EngineGroup } from '../engine-events.js';
import type { Ask } from './abilities.js';
import { getBinaryNodeChild, S_WHATSAPP_NET } from './baileys.js';
import { groupFromBaileys } from './from-baileys/groups.js';

/** Groups by rc14's own questions (`lib/Socket/groups.js`). */
export class BaileysGroups implements GroupAbilities {
  constructor(private readonly ask: Ask) {}

  fetch(jid: string): Promise<EngineGroup> {
    return this.ask(async ({ sock }) => groupFromBaileys(await sock.groupMetadata(jid)));
  }

  create(subject: string, participants: string[]): Promise<EngineGroup> {
    return this.ask(async ({ sock }) =>
      groupFromBaileys(await sock.groupCreate(subject, participants)),
    );
  }

  setSubject(jid: string, subject: string): Promise<void> {
    return this.ask(({ sock }) => sock.groupUpdateSubject(jid, subject));
  }

  setDescription(jid: string, description: string): Promise<void> {
    return this.ask(({ sock }) => sock.groupUpdateDescription(jid, description || undefined));
  }

  setAnnounce(jid: string, on: boolean): Promise<void> {
    return this.ask(({ sock }) =>
      sock.groupSettingUpdate(jid, on ? 'announcement' : 'not_announcement'),
    );
  }

  setLocked(jid: string, on: boolean): Promise<void> {
    return this.ask(({ sock }) => sock.groupSettingUpdate(jid, on ? 'locked' : 'unlocked'));
  }

  setJoinApproval(jid: string, on: boolean): Promise<void> {
    return this.ask(({ sock }) => sock.groupJoinApprovalMode(jid, on ? 'on' : 'off'));
  }

  joinRequests(jid: string): Promise<EngineJoinRequest[]> {
    return this.ask(async ({ sock }) =>
      (await sock.groupRequestParticipantsList(jid)).flatMap(joinRequestFrom),
    );
  }

  answerJoinRequests(
    jid: string,
    action: 'approve' | 'reject',
    participants: string[],
  ): Promise<{ jid: string; code: number }[]> {
    return this.ask(async ({ sock }) => {
      const results = await sock.groupRequestParticipantsUpdate(jid, participants, action);
      return results.map((result) => ({
        jid: normalizeJid(result.jid ?? ''),
        code: Number(result.status),
      }));
    });
  }

  setEphemeral(jid: string, seconds: number): Promise<void> {
    return this.ask(({ sock }) => sock.groupToggleEphemeral(jid, seconds));
  }

  /** rc14 would send every picture through an image library; ours is a JPEG already. */
  setPicture(jid: string, jpeg: Uint8Array | null): Promise<void> {
    return this.ask(async ({ sock }) => {
      await sock.query({
        tag: 'iq',
        attrs: { to: S_WHATSAPP_NET, type: 'set', xmlns: 'w:profile:picture', target: jid },
        ...(jpeg && {
          content: [{ tag: 'picture', attrs: { type: 'image' }, content: Buffer.from(jpeg) }],
        }),
      });
    });
  }

  changeParticipants(
    jid: string,
    action: ParticipantAction,
    participants: string[],
  ): Promise<{ jid: string; code: number }[]> {
    return this.ask(async ({ sock }) => {
      const results = await sock.groupParticipantsUpdate(jid, participants, action);
      return results.map((result) => ({
        jid: normalizeJid(result.jid ?? ''),
        code: Number(result.status),
      }));
    });
  }

  inviteCode(jid: string): Promise<string> {
    return this.ask(async ({ sock }) => given(await sock.groupInviteCode(jid)));
  }

  revokeInvite(jid: string): Promise<string> {
    return this.ask(async ({ sock }) => given(await sock.groupRevokeInvite(jid)));
  }

  /** rc14 knows one of WhatsApp's two answers; the other says that an admin has to approve. */
  join(code: string): Promise<{ jid: string; pending: boolean }> {
    return this.ask(async ({ sock }) => {
      const content = [{ tag: 'invite', attrs: { code } }];
      const attrs = { type: 'set', xmlns: 'w:g2', to: '@g.us' };
      const answer = await sock.query({ tag: 'iq', attrs, content });
      const joined = getBinaryNodeChild(answer, 'group');
      const asked = getBinaryNodeChild(answer, 'membership_approval_request');
      return { jid: given((joined ?? asked)?.attrs.jid), pending: !joined };
    });
  }

  leave(jid: string): Promise<void> {
    return this.ask(({ sock }) => sock.groupLeave(jid));
  }
}

/** The attributes of a `<membership_approval_request>`. */
function joinRequestFrom(asked: Record<string, string>): EngineJoinRequest[] {
  const { jid, phone_number: pn, request_time: time, request_method: method } = asked;
  if (!jid) return [];
  return [
    {
      jid: normalizeJid(jid),
      ...(pn && { altJid: normalizeJid(pn) }),
      ...(Number(time) > 0 && { requestedAt: Number(time) * 1000 }),
      ...(method && { method }),
    },
  ];
}

function given(value: string | undefined): string {
  if (!value) throw new EngineError('refused', 'WhatsApp answered without what was asked for');
  return value;
}
