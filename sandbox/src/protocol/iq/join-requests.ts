import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import type { GroupRecord } from '../../world/groups.js';
import { type DeviceRecord, nowSeconds } from '../../world/world.js';
import type { Core } from '../core.js';
import { notifyGroup } from '../group-stanzas.js';
import { childrenOf, node } from '../stanza.js';

/** Groups whose admins decide who comes in: asking, the list of who asks, and the answers. */

/** Somebody came with the invite link; the admins are told. */
export function askToJoin(core: Core, sender: DeviceRecord, group: GroupRecord): BinaryNode[] {
  group.requests ??= {};
  if (!(sender.phone in group.requests)) {
    group.requests[sender.phone] = nowSeconds();
    core.groups.save(group);
    const told = node('created_membership_requests', { request_method: 'invite_link' }, [
      participant(core, sender.phone),
    ]);
    notifyGroup(core, group, sender, told, isAdmin);
  }
  return [node('membership_approval_request', { jid: group.id })];
}

export function listRequests(core: Core, group: GroupRecord): BinaryNode[] {
  const requests = Object.entries(group.requests ?? {}).map(([phone, at]) => {
    const { lid, pn } = core.world.account(phone)!;
    const asked = { jid: lid, phone_number: pn, request_method: 'invite_link' };
    return node('membership_approval_request', { ...asked, request_time: String(at) });
  });
  return [node('membership_approval_requests', {}, requests)];
}

/** Lets in or sends away who asked; others are answered with 404. */
export function answerRequests(
  core: Core,
  sender: DeviceRecord,
  group: GroupRecord,
  request: BinaryNode,
): BinaryNode[] {
  const [answer] = childrenOf(request);
  const approve = answer?.tag === 'approve';
  const asked = answer ? childrenOf(answer, 'participant') : [];
  const done: string[] = [];
  const results = asked.map(({ attrs: { jid = '' } }) => {
    const phone = core.world.accountOf(jid)?.phone;
    if (!phone || !group.requests || !(phone in group.requests)) {
      return node('participant', { jid, error: '404' });
    }
    delete group.requests[phone];
    if (approve) group.members[phone] = 'member';
    done.push(phone);
    return node('participant', { jid });
  });
  core.groups.save(group);
  const people = done.map((phone) => participant(core, phone));
  if (approve && people.length > 0) notifyGroup(core, group, sender, node('add', {}, people));
  for (const person of approve ? [] : people) {
    notifyGroup(core, group, sender, node('revoked_membership_requests', {}, [person]), isAdmin);
  }
  return [node(request.tag, {}, [node(answer?.tag ?? 'reject', {}, results)])];
}

const isAdmin = (role: string) => role !== 'member';

function participant(core: Core, phone: string): BinaryNode {
  const account = core.world.account(phone)!;
  return node('participant', { jid: account.lid, phone_number: account.pn });
}
