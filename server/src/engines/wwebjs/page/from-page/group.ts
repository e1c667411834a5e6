import type { GroupRole } from '@patchbay/contract';
import type { EngineGroup } from '../../../engine-events.js';
import type { GroupInPage } from '../in-page-reading.js';
import { jidOf, type OtherNames } from '../wids.js';

/** A group of the page as engines tell it. */
export async function groupFromPage(group: GroupInPage, names: OtherNames): Promise<EngineGroup> {
  const members = (group.participants ?? []).map((member) => ({
    jid: jidOf(member.id),
    role: roleOf(member),
  }));
  const others = await names.of(members.map(({ jid }) => jid));
  const { desc, owner, creation } = group;
  return {
    jid: jidOf(group.id),
    subject: group.subject ?? group.title ?? '',
    ...(desc && { description: desc }),
    ...(owner && { ownerJid: jidOf(owner) }),
    ...(creation && { createdAt: creation * 1000 }),
    announce: group.announce === true,
    locked: group.restrict === true,
    joinApproval: group.membershipApprovalMode === true,
    ephemeralSeconds: group.ephemeralDuration ?? 0,
    addressing: group.isLidAddressingMode ? 'lid' : 'pn',
    participants: members.map(({ jid, role }) => {
      const altJid = others.get(jid);
      return { jid, ...(altJid && { altJid }), role };
    }),
  };
}

function roleOf({
  isAdmin,
  isSuperAdmin,
}: {
  isAdmin?: boolean;
  isSuperAdmin?: boolean;
}): GroupRole {
  if (isSuperAdmin) return 'superadmin';
  return isAdmin ? 'admin' : 'member';
}
