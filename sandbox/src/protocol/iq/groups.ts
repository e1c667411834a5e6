import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import { type GroupRecord, newInviteCode } from '../../world/groups.js';
import { isGroup } from '../../world/jid.js';
import { type DeviceRecord, nowSeconds } from '../../world/world.js';
import type { Core } from '../core.js';
import { groupNode, notifyGroup } from '../group-stanzas.js';
import { IqFailure } from '../seam.js';
import { childOf, childrenOf, node, textOf } from '../stanza.js';
import type { IqHandler } from './dispatch.js';
import { answerRequests, askToJoin, listRequests } from './join-requests.js';

/** Groups: create, look up, and change. */
export const answerGroupIq: IqHandler = (core, sender, iq) => {
  const to = iq.attrs.to ?? '';
  const [request] = childrenOf(iq);
  if (!request) return undefined;
  // Without a group's name in `to` (`@g.us`) the request is about groups in general.
  if (!isGroup(to) || to.startsWith('@')) return answerGeneral(core, sender, request);
  const group = core.groups.get(to);
  if (!group) throw new IqFailure(404, 'item-not-found');
  if (!(sender.phone in group.members)) throw new IqFailure(403, 'forbidden');
  if (request.tag === 'query' && sender.index > 0) core.groupQueries += 1;
  return iq.attrs.type === 'get'
    ? lookUp(core, sender, group, request)
    : change(core, sender, group, request);
};

function answerGeneral(
  core: Core,
  sender: DeviceRecord,
  request: BinaryNode,
): BinaryNode[] | undefined {
  switch (request.tag) {
    case 'participating': {
      const groups = core.groups.of(sender.phone);
      return [
        node(
          'groups',
          {},
          groups.map((group) => groupNode(core, group)),
        ),
      ];
    }
    case 'create':
      return [groupNode(core, createGroup(core, sender, request))];
    case 'leave': {
      const asked = childrenOf(request, 'group').map((child) => child.attrs.id ?? '');
      for (const id of asked) leaveGroup(core, sender, id);
      return [
        node(
          'leave',
          {},
          asked.map((id) => node('group', { id })),
        ),
      ];
    }
    case 'invite': {
      const group = core.groups.byInvite(request.attrs.code ?? '');
      if (!group) throw new IqFailure(406, 'not-acceptable');
      if (sender.phone in group.members) return [node('group', { jid: group.id })];
      if (group.joinApproval) return askToJoin(core, sender, group);
      addMembers(core, sender, group, [sender.phone]);
      return [node('group', { jid: group.id })];
    }
    default:
      return undefined;
  }
}

function createGroup(core: Core, sender: DeviceRecord, request: BinaryNode): GroupRecord {
  const others = phonesIn(core, request).filter((phone) => phone !== sender.phone);
  const group = core.groups.create(request.attrs.subject ?? '', sender.phone, others);
  notifyGroup(core, group, sender, node('create', {}, [groupNode(core, group)]));
  return group;
}

function leaveGroup(core: Core, sender: DeviceRecord, id: string): void {
  const group = core.groups.get(id);
  if (!group || !(sender.phone in group.members)) throw new IqFailure(404, 'item-not-found');
  const body = node('remove', {}, [participant(core, sender.phone)]);
  notifyGroup(core, group, sender, body);
  delete group.members[sender.phone];
  core.groups.save(group);
}

function lookUp(
  core: Core,
  sender: DeviceRecord,
  group: GroupRecord,
  request: BinaryNode,
): BinaryNode[] | undefined {
  if (request.tag === 'query') return [groupNode(core, group)];
  if (request.tag === 'invite') return [node('invite', { code: group.inviteCode })];
  if (request.tag !== 'membership_approval_requests') return undefined;
  if (group.members[sender.phone] === 'member') throw new IqFailure(403, 'forbidden');
  return listRequests(core, group);
}

function change(
  core: Core,
  sender: DeviceRecord,
  group: GroupRecord,
  request: BinaryNode,
): BinaryNode[] | undefined {
  const admin = group.members[sender.phone] !== 'member';
  const { tag } = request;
  if (tag === 'subject' || tag === 'description') {
    if (group.locked && !admin) throw new IqFailure(403, 'forbidden');
    return tag === 'subject'
      ? setSubject(core, sender, group, request)
      : setDescription(core, sender, group, request);
  }
  if (!admin) throw new IqFailure(403, 'forbidden');
  switch (tag) {
    case 'add':
    case 'remove':
    case 'promote':
    case 'demote':
      return changeMembers(core, sender, group, request);
    case 'membership_requests_action':
      return answerRequests(core, sender, group, request);
    case 'membership_approval_mode':
      group.joinApproval = childOf(request, 'group_join')?.attrs.state === 'on';
      break;
    case 'announcement':
    case 'not_announcement':
      group.announcement = tag === 'announcement';
      break;
    case 'locked':
    case 'unlocked':
      group.locked = tag === 'locked';
      break;
    case 'ephemeral':
    case 'not_ephemeral':
      group.ephemeral = Number(request.attrs.expiration ?? 0) || undefined;
      break;
    case 'invite':
      group.inviteCode = newInviteCode();
      core.groups.save(group);
      notifyGroup(core, group, sender, node('invite', { code: group.inviteCode }));
      return [node('invite', { code: group.inviteCode })];
    default:
      return undefined;
  }
  core.groups.save(group);
  notifyGroup(core, group, sender, request);
  return [];
}

function setSubject(
  core: Core,
  sender: DeviceRecord,
  group: GroupRecord,
  request: BinaryNode,
): BinaryNode[] {
  group.subject = textOf(request) ?? '';
  group.subjectAt = nowSeconds();
  group.subjectBy = sender.phone;
  core.groups.save(group);
  const { subject, subjectAt } = group;
  const s_o = core.world.userJid(sender.phone, 'lid');
  notifyGroup(core, group, sender, node('subject', { subject, s_t: String(subjectAt), s_o }));
  return [];
}

function setDescription(
  core: Core,
  sender: DeviceRecord,
  group: GroupRecord,
  request: BinaryNode,
): BinaryNode[] {
  const text = textOf(childOf(request, 'body'));
  const id = request.attrs.id ?? core.newId();
  group.description = text ? { id, text, by: sender.phone, at: nowSeconds() } : undefined;
  core.groups.save(group);
  const body = text ? [node('body', {}, Buffer.from(text))] : undefined;
  notifyGroup(core, group, sender, node('description', { id: text ? id : undefined }, body));
  return [];
}

function changeMembers(
  core: Core,
  sender: DeviceRecord,
  group: GroupRecord,
  request: BinaryNode,
): BinaryNode[] {
  const { tag } = request;
  const asked = childrenOf(request, 'participant').map(({ attrs }) => attrs.jid ?? '');
  const phones = phonesIn(core, request);
  if (tag === 'add') {
    addMembers(
      core,
      sender,
      group,
      phones.filter((phone) => !(phone in group.members)),
    );
  } else {
    const members = phones.filter((phone) => phone in group.members);
    const body = node(
      tag,
      {},
      members.map((phone) => participant(core, phone)),
    );
    if (members.length > 0) notifyGroup(core, group, sender, body);
    for (const phone of members) {
      if (tag === 'remove') delete group.members[phone];
      else group.members[phone] = tag === 'promote' ? 'admin' : 'member';
    }
    core.groups.save(group);
  }
  const result = asked.map((jid) =>
    node('participant', { jid, error: core.world.accountOf(jid) ? undefined : '404' }),
  );
  return [node(tag, {}, result)];
}

function addMembers(core: Core, sender: DeviceRecord, group: GroupRecord, phones: string[]): void {
  for (const phone of phones) group.members[phone] = 'member';
  core.groups.save(group);
  const body = node(
    'add',
    {},
    phones.map((phone) => participant(core, phone)),
  );
  if (phones.length > 0) notifyGroup(core, group, sender, body);
}

function participant(core: Core, phone: string): BinaryNode {
  const account = core.world.account(phone)!;
  return node('participant', { jid: account.lid, phone_number: account.pn });
}

function phonesIn(core: Core, request: BinaryNode): string[] {
  return childrenOf(request, 'participant').flatMap(({ attrs }) => {
    const account = core.world.accountOf(attrs.jid);
    return account ? [account.phone] : [];
  });
}
