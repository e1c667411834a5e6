import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import { proto } from 'baileys/WAProto/index.js';
import { SERVER } from '../../world/jid.js';
import type { DeviceRecord } from '../../world/world.js';
import type { Core } from '../core.js';
import { bytesOf, childOf, childrenOf, node } from '../stanza.js';
import type { IqHandler } from './dispatch.js';

/** Patches in one answer; more are asked for again. */
const PAGE = 100;

/**
 * Chat settings shared by an account's devices: numbered patches per collection, which the server
 * keeps and hands on without being able to read them. A patch on an older version than the newest is
 * refused (409), and the device asks for what it missed. Snapshots are never given: all patches are.
 */
export const answerAppStateIq: IqHandler = (core, sender, iq) => {
  const sync = childOf(iq, 'sync');
  if (!sync) return undefined;
  const collections = childrenOf(sync, 'collection').map((collection) =>
    answerCollection(core, sender, collection),
  );
  return [node('sync', {}, collections)];
};

function answerCollection(core: Core, sender: DeviceRecord, collection: BinaryNode): BinaryNode {
  const { name = '', version: known = '0' } = collection.attrs;
  const patch = bytesOf(childOf(collection, 'patch'));
  const version = core.appState.version(sender.phone, name);
  if (!patch) return patchesAfter(core, sender, name, Number(known), version);
  if (Number(known) !== version) {
    const error = node('error', { code: '409', text: 'conflict' });
    return node('collection', { name, version: String(version), type: 'error' }, [error]);
  }
  take(core, sender, name, version + 1, patch);
  return node('collection', { name, version: String(version + 1) });
}

function patchesAfter(
  core: Core,
  { phone }: DeviceRecord,
  name: string,
  known: number,
  version: number,
): BinaryNode {
  const patches = core.appState.after(phone, name, known, PAGE);
  const more = known + patches.length < version;
  const attrs = { name, version: String(known), has_more_patches: String(more) };
  const body = patches.map((bytes) => node('patch', {}, bytes));
  return node('collection', attrs, body.length > 0 ? [node('patches', {}, body)] : undefined);
}

/** Keeps a patch under its number, and tells the account's other devices that there is one. */
function take(
  core: Core,
  sender: DeviceRecord,
  name: string,
  version: number,
  bytes: Uint8Array,
): void {
  const patch = proto.SyncdPatch.decode(bytes);
  patch.version = { version };
  core.appState.add(sender.phone, name, version, proto.SyncdPatch.encode(patch).finish());
  const attrs = { from: SERVER, type: 'server_sync', id: core.newId(), t: core.time() };
  const body = [node('collection', { name, version: String(version) })];
  core.enqueueForAccount(sender.phone, node('notification', attrs, body), undefined, sender.key);
}
