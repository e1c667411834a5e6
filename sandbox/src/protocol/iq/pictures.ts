import { createHash } from 'node:crypto';
import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import type { GroupRecord } from '../../world/groups.js';
import { isGroup } from '../../world/jid.js';
import type { AccountRecord, DeviceRecord } from '../../world/world.js';
import type { Core } from '../core.js';
import { IqFailure } from '../seam.js';
import { bytesOf, childOf, node } from '../stanza.js';
import type { IqHandler } from './dispatch.js';

/** Pictures of people and groups: where to get one, a new one, none any more. */
export const answerPictureIq: IqHandler = (core, sender, iq) => {
  const { target, type } = iq.attrs;
  const own = core.world.account(sender.phone)!;
  const group = isGroup(target ?? '') ? core.groups.get(target!) : undefined;
  const owner = group ?? (target ? core.world.accountOf(target) : own);
  if (!owner) throw new IqFailure(404, 'item-not-found');
  if (type === 'get') {
    // Who has seen a picture is told of the next one.
    if (!('members' in owner)) core.watchers.add(owner.phone, sender.phone);
    return [pictureNode(core, owner)];
  }
  if (group?.locked && group.members[sender.phone] === 'member') {
    throw new IqFailure(403, 'forbidden');
  }
  if (!group && owner !== own) throw new IqFailure(403, 'forbidden');
  const bytes = bytesOf(childOf(iq, 'picture'));
  setPicture(core, sender, owner, bytes);
  return owner.pictureId ? [node('picture', { id: owner.pictureId })] : [];
};

function pictureNode(core: Core, { pictureId }: GroupRecord | AccountRecord): BinaryNode {
  if (!pictureId) throw new IqFailure(404, 'item-not-found');
  const url = `https://${core.media.host}/v/${pictureId}`;
  return node('picture', { id: pictureId, type: 'image', url, direct_path: `/v/${pictureId}` });
}

function setPicture(
  core: Core,
  sender: DeviceRecord,
  owner: GroupRecord | AccountRecord,
  bytes: Buffer | undefined,
): void {
  owner.pictureId = bytes && createHash('sha256').update(bytes).digest('hex');
  if (bytes && owner.pictureId) core.media.put(owner.pictureId, bytes);
  const author = core.world.userJid(sender.phone, 'lid');
  const change = owner.pictureId
    ? node('set', { id: owner.pictureId, author })
    : node('delete', { author });
  const isGroupPicture = 'members' in owner;
  if (isGroupPicture) core.groups.save(owner);
  else core.world.saveAccount(owner);
  const from = isGroupPicture ? owner.id : owner.lid;
  const attrs = { from, type: 'picture', id: core.newId(), t: core.time() };
  const told = isGroupPicture
    ? Object.keys(owner.members)
    : new Set([owner.phone, ...core.watchers.of(owner.phone)]);
  for (const phone of told) {
    core.enqueueForAccount(phone, node('notification', attrs, [change]), undefined, sender.key);
  }
}
