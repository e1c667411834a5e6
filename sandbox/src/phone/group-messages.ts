import { randomBytes } from 'node:crypto';
import {
  type BinaryNode,
  getBinaryNodeChild,
  getBinaryNodeChildren,
} from 'baileys/lib/WABinary/index.js';
import { type Account, IqFailure } from '../protocol/seam.js';
import { ensureSessions, type TargetDevice } from './device-lookup.js';
import { encTo } from './enc-nodes.js';
import { encodeContent } from './message-content.js';
import type { PhoneContext } from './phone-context.js';
import { PhoneError } from './phone-error.js';

export interface GroupInfo {
  /** `<digits>@g.us` */
  id: string;
  subject: string;
  /** Phone digits. */
  participants: { phone: string; name: string; admin: boolean }[];
  /** Phone digits of who made it. */
  owner: string;
  /** Seconds since 1970. */
  createdAt: number;
  description?: string;
  /** Only admins write. */
  announcement: boolean;
  /** Only admins change what is said about it. */
  locked: boolean;
}

const GROUPS = '@g.us';
const distributionKey = (group: string) => `sender-key-given/${group}`;

/** Creates a group with this phone as its owner. */
export async function createGroup(
  context: PhoneContext,
  subject: string,
  members: Account[],
): Promise<GroupInfo> {
  const answer = await context.request({
    tag: 'iq',
    attrs: { to: GROUPS, type: 'set', xmlns: 'w:g2' },
    content: [
      {
        tag: 'create',
        attrs: { subject, key: randomBytes(16).toString('hex').toUpperCase() },
        content: members.map((member) => ({ tag: 'participant', attrs: { jid: member.lid } })),
      },
    ],
  });
  const group = getBinaryNodeChild(answer, 'group');
  if (!group) throw new Error('the server answered the creation of a group without the group');
  const made = readGroup(context, group);
  const by = context.account().phone;
  const phones = members.map(({ phone }) => phone);
  context.tell({ type: 'groups', change: { group: made.id, by, action: 'create', phones } });
  return made;
}

/** The groups that this phone is a member of. */
export async function listGroups(context: PhoneContext): Promise<GroupInfo[]> {
  const answer = await context.request({
    tag: 'iq',
    attrs: { to: GROUPS, type: 'get', xmlns: 'w:g2' },
    content: [{ tag: 'participating', attrs: {}, content: [{ tag: 'participants', attrs: {} }] }],
  });
  const groups = getBinaryNodeChild(answer, 'groups');
  return getBinaryNodeChildren(groups, 'group').map((group) => readGroup(context, group));
}

/** @throws PhoneError `unknown_group` */
export async function groupParticipants(context: PhoneContext, group: string): Promise<Account[]> {
  const answer = await context
    .request({
      tag: 'iq',
      attrs: { to: group, type: 'get', xmlns: 'w:g2' },
      content: [{ tag: 'query', attrs: { request: 'interactive' } }],
    })
    .catch((error: unknown) => {
      if (!(error instanceof IqFailure)) throw error;
      throw new PhoneError('unknown_group', `There is no group ${group} that this phone can see.`);
    });
  const node = getBinaryNodeChild(answer, 'group');
  return getBinaryNodeChildren(node, 'participant')
    .map((participant) => context.directory.byJid(participant.attrs.jid ?? ''))
    .filter((account) => account !== undefined);
}

function readGroup(context: PhoneContext, node: BinaryNode): GroupInfo {
  const id = node.attrs.id ?? '';
  const about = getBinaryNodeChild(getBinaryNodeChild(node, 'description'), 'body')?.content;
  return {
    id: id.includes('@') ? id : `${id}@g.us`,
    subject: node.attrs.subject ?? '',
    participants: getBinaryNodeChildren(node, 'participant').flatMap((participant) => {
      const account = context.directory.byJid(participant.attrs.jid ?? '');
      return account
        ? [
            {
              phone: account.phone,
              name: account.name,
              admin: participant.attrs.type !== undefined,
            },
          ]
        : [];
    }),
    owner: context.directory.byJid(node.attrs.creator ?? '')?.phone ?? '',
    createdAt: Number(node.attrs.creation ?? 0),
    ...(about && { description: Buffer.from(about as Uint8Array).toString() }),
    announcement: getBinaryNodeChild(node, 'announcement') !== undefined,
    locked: getBinaryNodeChild(node, 'locked') !== undefined,
  };
}

/**
 * One ciphertext for the whole group under the own sender key, and that key, encrypted singly, for
 * each device that has not got it. When a device has left, a new key is made, which it cannot read.
 */
export async function encryptForMembers(
  context: PhoneContext,
  group: string,
  devices: TargetDevice[],
  content: Uint8Array,
): Promise<BinaryNode[]> {
  const present = new Set(devices.map((device) => device.jid));
  const given = new Set(context.records.getJson<string[]>(distributionKey(group)) ?? []);
  if ([...given].some((jid) => !present.has(jid))) {
    context.signal.forgetSenderKey(group, context.self);
    given.clear();
  }
  const distribution = await context.signal.senderKeyDistribution(group, context.self);
  const plain = encodeContent({
    senderKeyDistributionMessage: {
      groupId: group,
      axolotlSenderKeyDistributionMessage: distribution,
    },
  });
  const waiting = devices.filter((device) => !given.has(device.jid));
  const participants: BinaryNode[] = [];
  for (const device of await ensureSessions(context, waiting)) {
    participants.push(encTo(device, await context.signal.encrypt(device, plain)));
    given.add(device.jid);
  }
  const ciphertext = await context.signal.encryptForGroup(group, context.self, content);
  context.records.setJson(distributionKey(group), [...given]);
  return [
    ...(participants.length ? [{ tag: 'participants', attrs: {}, content: participants }] : []),
    { tag: 'enc', attrs: { v: '2', type: 'skmsg' }, content: Buffer.from(ciphertext) },
  ];
}
