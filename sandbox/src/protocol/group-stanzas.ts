import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import type { GroupRecord, GroupRole } from '../world/groups.js';
import type { DeviceRecord } from '../world/world.js';
import type { Core } from './core.js';
import { node } from './stanza.js';

/** A group's metadata, as queries answer it and notifications carry it. */
export function groupNode(core: Core, group: GroupRecord): BinaryNode {
  const creator = core.world.account(group.creator)!;
  const subjectBy = core.world.account(group.subjectBy)!;
  const attrs = {
    id: group.id.replace('@g.us', ''),
    subject: group.subject,
    s_t: String(group.subjectAt),
    s_o: subjectBy.lid,
    s_o_pn: subjectBy.pn,
    creation: String(group.createdAt),
    creator: creator.lid,
    creator_pn: creator.pn,
    addressing_mode: 'lid',
    size: String(Object.keys(group.members).length),
  };
  const members = Object.entries(group.members).map(([phone, role]) => {
    const { lid, pn } = core.world.account(phone)!;
    const type = role === 'member' ? undefined : role;
    return node('participant', { jid: lid, phone_number: pn, type });
  });
  const content = [...members];
  if (group.description) content.push(descriptionNode(core, group.description));
  if (group.announcement) content.push(node('announcement'));
  if (group.locked) content.push(node('locked'));
  if (group.joinApproval) {
    const state = node('group_join', { state: 'on' });
    content.push(node('membership_approval_mode', {}, [state]));
  }
  if (group.ephemeral) {
    content.push(node('ephemeral', { expiration: String(group.ephemeral) }));
  }
  return node('group', attrs, content);
}

/** Tells every device of every member, or of those with some roles, but the one that did it. */
export function notifyGroup(
  core: Core,
  group: GroupRecord,
  actor: DeviceRecord,
  change: BinaryNode,
  concerns: (role: GroupRole) => boolean = () => true,
): void {
  const { lid, pn, name } = core.world.account(actor.phone)!;
  const attrs = {
    from: group.id,
    type: 'w:gp2',
    id: core.newId(),
    participant: lid,
    participant_pn: pn,
    notify: name,
    addressing_mode: 'lid',
    t: core.time(),
  };
  const notification = node('notification', attrs, [change]);
  for (const [phone, role] of Object.entries(group.members)) {
    if (!concerns(role)) continue;
    core.enqueueForAccount(phone, notification, undefined, actor.key);
  }
}

function descriptionNode(
  core: Core,
  { id, text, by, at }: NonNullable<GroupRecord['description']>,
): BinaryNode {
  const participant = core.world.userJid(by, 'lid');
  return node('description', { id, participant, t: String(at) }, [
    node('body', {}, Buffer.from(text)),
  ]);
}
