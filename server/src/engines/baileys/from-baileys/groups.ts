import { isGroupJid, isLidJid, isSameUser, normalizeJid } from '../../../whatsapp/jid.js';
import type {
  EngineEvent,
  EngineEventOf,
  EngineGroup,
  EngineParticipant,
} from '../../engine-events.js';
import {
  type BaileysEventMap,
  type GroupMetadata,
  type GroupParticipant,
  WAMessageAddressingMode,
} from '../baileys.js';
import type { Me } from './message.js';

type GroupChange = EngineEventOf<'group-changed'>['change'];

/** News of groups: whole ones, changes, and who came and went. */
export function groupEvents(map: Partial<BaileysEventMap>, me: Me | undefined): EngineEvent[] {
  const events: EngineEvent[] = [];
  const created = map['groups.upsert']?.map(groupFromBaileys);
  if (created) events.push({ type: 'groups', groups: created });
  const updates = map['groups.update'];
  // Only the answer to rc14's question for all groups has them whole, or has none.
  if (updates?.every(isWhole)) {
    const groups = updates.map(groupFromBaileys);
    events.push({ type: 'groups', groups, present: groups.map(({ jid }) => jid) });
  } else {
    for (const update of updates ?? []) events.push(...changed(update));
  }
  for (const chat of map['chats.update'] ?? []) events.push(...timerOf(chat));
  const members = map['group-participants.update'];
  if (members && members.action !== 'modify') {
    const { id, author, action } = members;
    const participants = members.participants.map(participantFromBaileys);
    events.push({
      type: 'group-participants',
      jid: id,
      action,
      participants,
      includesMe: participants.some((one) => isMe(one, me)),
      ...(author && { byJid: normalizeJid(author) }),
    });
  }
  return events;
}

function isWhole(group: Partial<GroupMetadata>): group is GroupMetadata {
  return group.id !== undefined && group.subject !== undefined && Boolean(group.participants);
}

function changed(update: Partial<GroupMetadata>): EngineEvent[] {
  const { id, subject, announce, restrict, joinApprovalMode, author } = update;
  if (!id || !isGroupJid(id)) return [];
  const change: GroupChange = {
    ...(subject !== undefined && { subject }),
    ...('desc' in update && { description: update.desc ?? '' }),
    ...(announce !== undefined && { announce }),
    ...(restrict !== undefined && { locked: restrict }),
    ...(joinApprovalMode !== undefined && { joinApproval: joinApprovalMode }),
  };
  if (Object.keys(change).length === 0) return [];
  return [{ type: 'group-changed', jid: id, change, ...(author && { byJid: author }) }];
}

function timerOf(chat: BaileysEventMap['chats.update'][number]): EngineEvent[] {
  if (!chat.id || !isGroupJid(chat.id) || !('ephemeralExpiration' in chat)) return [];
  const change = { ephemeralSeconds: chat.ephemeralExpiration ?? 0 };
  return [{ type: 'group-changed', jid: chat.id, change }];
}

function isMe({ jid, altJid }: EngineParticipant, me: Me | undefined): boolean {
  return [jid, altJid].some((one) => isSameUser(one, me?.jid) || isSameUser(one, me?.lid));
}

export function groupFromBaileys(group: GroupMetadata): EngineGroup {
  return {
    jid: group.id,
    subject: group.subject,
    ...(group.desc && { description: group.desc }),
    ...(group.owner && { ownerJid: normalizeJid(group.owner) }),
    ...(group.creation && { createdAt: group.creation * 1000 }),
    announce: group.announce ?? false,
    locked: group.restrict ?? false,
    joinApproval: group.joinApprovalMode ?? false,
    ephemeralSeconds: group.ephemeralDuration ?? 0,
    addressing: group.addressingMode === WAMessageAddressingMode.PN ? 'pn' : 'lid',
    participants: group.participants.map(participantFromBaileys),
  };
}

function participantFromBaileys({
  id,
  phoneNumber,
  lid,
  admin,
}: GroupParticipant): EngineParticipant {
  const jid = normalizeJid(id);
  const other = isLidJid(jid) ? phoneNumber : lid;
  return { jid, ...(other && { altJid: normalizeJid(other) }), role: admin ?? 'member' };
}

/** What rc14 needs to know of a group to send to it. */
export function groupToBaileys(group: EngineGroup): GroupMetadata {
  return {
    id: group.jid,
    subject: group.subject,
    owner: group.ownerJid,
    addressingMode:
      group.addressing === 'pn' ? WAMessageAddressingMode.PN : WAMessageAddressingMode.LID,
    ...(group.ephemeralSeconds > 0 && { ephemeralDuration: group.ephemeralSeconds }),
    participants: group.participants.map(({ jid, altJid, role }) => ({
      id: jid,
      ...(altJid && (isLidJid(jid) ? { phoneNumber: altJid } : { lid: altJid })),
      admin: role === 'member' ? null : role,
    })),
  };
}
