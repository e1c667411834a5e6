import { type BinaryNode, getBinaryNodeChild, S_WHATSAPP_NET } from 'baileys/lib/WABinary/index.js';
import { proto } from 'baileys/WAProto/index.js';
import { appStateKey } from './app-state-key.js';
import { isGroupJid } from './directory.js';
import type { PhoneContext } from './phone-context.js';
import { PhoneError } from './phone-error.js';

type ChatUtils = typeof import('baileys/lib/Utils/chat-utils.js');
export type Modification = Parameters<ChatUtils['chatModificationToAppPatch']>[0];
type Collection = Parameters<ChatUtils['decodePatches']>[0];
type HashState = ReturnType<ChatUtils['newLTHashState']>;

export interface ChatSettings {
  archived?: boolean;
  pinned?: boolean;
  /** Milliseconds since 1970, -1 = for ever, 0 = not. */
  mutedUntil?: number;
  markedUnread?: boolean;
  deleted?: boolean;
  labels?: string[];
}

/** What an account's devices share about its chats. */
export interface AccountSettings {
  /** By phone digits or group jid. */
  chats: Record<string, ChatSettings>;
  labels: Record<string, { name: string; color: number }>;
}

/** Changes of a chat; what is absent stays. */
export interface AskedSettings {
  archived?: boolean | undefined;
  pinned?: boolean | undefined;
  /** Milliseconds since 1970, -1 = for ever, 0 = not. */
  mutedUntil?: number | undefined;
  unread?: boolean | undefined;
  deleted?: true | undefined;
  label?: { id: string; on: boolean } | undefined;
}

/** A collection's version and the sums over its entries, in base64. */
interface StoredState {
  version: number;
  hash: string;
  macs: Record<string, string>;
}

const SETTINGS = 'chat-settings';
const COLLECTIONS: Collection[] = ['regular_high', 'regular_low', 'regular'];
/** Only when needed: it brings libsignal, which whoever mends that must be able to load first. */
const chatUtils = (): Promise<ChatUtils> => import('baileys/lib/Utils/chat-utils.js');
const stateOf = (collection: string) => `app-state/${collection}`;

export function chatSettings(context: PhoneContext): AccountSettings {
  return context.records.getJson<AccountSettings>(SETTINGS) ?? { chats: {}, labels: {} };
}

/** Changes a setting and tells the account's other devices. @param chat phone digits or group jid */
export async function changeChatSettings(
  context: PhoneContext,
  chat: string,
  change: Modification,
): Promise<AccountSettings> {
  const { chatModificationToAppPatch, encodeSyncdPatch } = await chatUtils();
  await takeChatSettings(context);
  const jid = isGroupJid(chat) || chat === '' ? chat : context.directory.byPhone(chat)?.lid;
  if (jid === undefined) {
    throw new PhoneError('unknown_recipient', `Nobody has the number ${chat} here.`);
  }
  const create = chatModificationToAppPatch(change, jid);
  const { keyId, getKey } = keyOf(context);
  const before = loadState(context, create.type);
  const { patch, state } = await encodeSyncdPatch(create, keyId, before, getKey);
  await ask(context, {
    tag: 'collection',
    attrs: { name: create.type, version: String(before.version), return_snapshot: 'false' },
    content: [{ tag: 'patch', attrs: {}, content: proto.SyncdPatch.encode(patch).finish() }],
  });
  saveState(context, create.type, state);
  const settings = chatSettings(context);
  apply(context, settings, create.index, create.syncAction);
  context.records.setJson(SETTINGS, settings);
  context.tell({ type: 'chat-settings' });
  return settings;
}

/** What a person does to a chat, as entries of the app state. */
export function modificationsFor(asked: AskedSettings): Modification[] {
  const { archived, pinned, mutedUntil, unread, deleted, label: labelled } = asked;
  const changes: Modification[] = [];
  if (archived !== undefined) changes.push({ archive: archived, lastMessages: [] });
  if (pinned !== undefined) changes.push({ pin: pinned });
  if (mutedUntil !== undefined) changes.push({ mute: mutedUntil === 0 ? null : mutedUntil });
  if (unread !== undefined) changes.push({ markRead: !unread, lastMessages: [] });
  if (deleted) changes.push({ delete: true, lastMessages: [] });
  if (labelled) {
    const { id: labelId, on } = labelled;
    changes.push(on ? { addChatLabel: { labelId } } : { removeChatLabel: { labelId } });
  }
  return changes;
}

/** Fetches what other devices of the account have changed. */
export async function takeChatSettings(context: PhoneContext): Promise<void> {
  const { decodePatches, extractSyncdPatches } = await chatUtils();
  const { getKey } = keyOf(context);
  for (const name of COLLECTIONS) {
    for (let more = true; more; ) {
      const state = loadState(context, name);
      const attrs = { name, version: String(state.version), return_snapshot: 'false' };
      const answer = await ask(context, { tag: 'collection', attrs });
      const got = (await extractSyncdPatches(answer, {}))[name];
      more = got?.hasMorePatches ?? false;
      if (!got?.patches.length) break;
      const decoded = await decodePatches(name, got.patches, state, getKey, {}, state.version);
      saveState(context, name, decoded.state);
      const settings = chatSettings(context);
      for (const { syncAction, index } of Object.values(decoded.mutationMap)) {
        apply(context, settings, index, syncAction.value ?? {});
      }
      context.records.setJson(SETTINGS, settings);
      context.tell({ type: 'chat-settings' });
    }
  }
}

function apply(
  context: PhoneContext,
  { chats, labels }: AccountSettings,
  [kind = '', ...rest]: readonly string[],
  action: proto.ISyncActionValue,
): void {
  if (kind === 'label_edit') {
    const { name, color, deleted } = action.labelEditAction ?? {};
    if (deleted) delete labels[rest[0] ?? ''];
    else labels[rest[0] ?? ''] = { name: name ?? '', color: color ?? 0 };
    return;
  }
  const jid = kind === 'label_jid' ? rest[1] : rest[0];
  const chat = isGroupJid(jid ?? '') ? jid : context.directory.byJid(jid ?? '')?.phone;
  if (!chat) return;
  const settings = chats[chat] ?? {};
  chats[chat] = settings;
  if (action.archiveChatAction) settings.archived = action.archiveChatAction.archived ?? false;
  if (action.pinAction) settings.pinned = action.pinAction.pinned ?? false;
  if (action.muteAction) {
    settings.mutedUntil = action.muteAction.muted
      ? Number(action.muteAction.muteEndTimestamp ?? -1)
      : 0;
  }
  if (action.markChatAsReadAction) settings.markedUnread = !action.markChatAsReadAction.read;
  if (action.deleteChatAction) settings.deleted = true;
  if (action.labelAssociationAction) {
    const others = (settings.labels ?? []).filter((label) => label !== rest[0]);
    const labeled = action.labelAssociationAction.labeled;
    settings.labels = labeled && rest[0] ? [...others, rest[0]] : others;
  }
}

function keyOf(context: PhoneContext) {
  const { keyId, keyData } = appStateKey(context);
  const id = Buffer.from(keyId?.keyId ?? []).toString('base64');
  const getKey = async (asked: string) => (asked === id ? (keyData ?? undefined) : undefined);
  return { keyId: id, getKey };
}

function loadState(context: PhoneContext, name: string): HashState {
  const stored = context.records.getJson<StoredState>(stateOf(name));
  const macs = Object.entries(stored?.macs ?? {});
  return {
    version: stored?.version ?? 0,
    hash: stored ? Buffer.from(stored.hash, 'base64') : Buffer.alloc(128),
    indexValueMap: Object.fromEntries(
      macs.map(([index, mac]) => [index, { valueMac: Buffer.from(mac, 'base64') }]),
    ),
  };
}

function saveState(context: PhoneContext, name: string, state: HashState): void {
  const macs = Object.entries(state.indexValueMap).map(([index, { valueMac }]) => [
    index,
    Buffer.from(valueMac).toString('base64'),
  ]);
  const stored: StoredState = {
    version: state.version,
    hash: Buffer.from(state.hash).toString('base64'),
    macs: Object.fromEntries(macs),
  };
  context.records.setJson(stateOf(name), stored);
}

/** @throws PhoneError `conflict` when another device was quicker */
async function ask(context: PhoneContext, collection: BinaryNode): Promise<BinaryNode> {
  const answer = await context.request({
    tag: 'iq',
    attrs: { to: S_WHATSAPP_NET, type: 'set', xmlns: 'w:sync:app:state' },
    content: [{ tag: 'sync', attrs: {}, content: [collection] }],
  });
  const answered = getBinaryNodeChild(getBinaryNodeChild(answer, 'sync'), 'collection');
  if (answered?.attrs.type === 'error') {
    throw new PhoneError('conflict', 'Another device changed the settings at the same time.');
  }
  return answer;
}
