import { type BinaryNode, getBinaryNodeChild, S_WHATSAPP_NET } from 'baileys/lib/WABinary/index.js';
import { IqFailure } from '../protocol/seam.js';
import type { PhoneContext } from './phone-context.js';
import { PhoneError } from './phone-error.js';

/** The text that others see below the name. */
export async function setAbout(context: PhoneContext, text: string): Promise<void> {
  await context.request({
    tag: 'iq',
    attrs: { to: S_WHATSAPP_NET, type: 'set', xmlns: 'status' },
    content: [{ tag: 'status', attrs: {}, content: Buffer.from(text) }],
  });
}

/** The own picture, or a group's; without bytes it is taken away. */
export async function setPicture(
  context: PhoneContext,
  bytes: Uint8Array | undefined,
  group?: string,
): Promise<void> {
  await context.request({
    tag: 'iq',
    attrs: {
      to: S_WHATSAPP_NET,
      type: 'set',
      xmlns: 'w:profile:picture',
      ...(group && { target: group }),
    },
    content: bytes
      ? [{ tag: 'picture', attrs: { type: 'image' }, content: Buffer.from(bytes) }]
      : [],
  });
}

export interface GroupChange {
  subject?: string | undefined;
  description?: string | undefined;
  announcement?: boolean | undefined;
  locked?: boolean | undefined;
  joinApproval?: boolean | undefined;
  /** Seconds; 0 = never. */
  ephemeral?: number | undefined;
}

/** Changes what is said about a group, one thing after another. @throws PhoneError */
export async function changeGroup(
  context: PhoneContext,
  group: string,
  change: GroupChange,
): Promise<void> {
  const { subject, description, announcement, locked, joinApproval, ephemeral } = change;
  const text = (tag: string, value: string): BinaryNode => ({
    tag,
    attrs: {},
    content: Buffer.from(value),
  });
  const requests: BinaryNode[] = [];
  if (subject !== undefined) requests.push(text('subject', subject));
  if (description !== undefined) {
    const attrs = { id: `D${Date.now()}` };
    requests.push({ tag: 'description', attrs, content: [text('body', description)] });
  }
  if (announcement !== undefined) {
    requests.push({ tag: announcement ? 'announcement' : 'not_announcement', attrs: {} });
  }
  if (locked !== undefined) requests.push({ tag: locked ? 'locked' : 'unlocked', attrs: {} });
  if (joinApproval !== undefined) {
    const state = { tag: 'group_join', attrs: { state: joinApproval ? 'on' : 'off' } };
    requests.push({ tag: 'membership_approval_mode', attrs: {}, content: [state] });
  }
  if (ephemeral !== undefined) {
    requests.push(
      ephemeral > 0
        ? { tag: 'ephemeral', attrs: { expiration: String(ephemeral) } }
        : { tag: 'not_ephemeral', attrs: {} },
    );
  }
  for (const request of requests) await askGroup(context, group, request);
  for (const { tag: action } of requests) {
    const said =
      action === 'subject' ? subject : action === 'description' ? description : undefined;
    tellOwnDoing(context, group, action, [], said);
  }
}

/** Who changes a group is not told of it by the server, but its linked pages are by it. */
function tellOwnDoing(
  context: PhoneContext,
  group: string,
  action: string,
  phones: string[],
  text?: string,
): void {
  const change = { group, by: context.account().phone, action, phones, ...(text && { text }) };
  context.tell({ type: 'groups', change });
}

/** Adds, removes, promotes or demotes. @throws PhoneError */
export async function changeMembers(
  context: PhoneContext,
  group: string,
  action: 'add' | 'remove' | 'promote' | 'demote',
  phones: string[],
): Promise<void> {
  const content = phones.map((phone) => ({
    tag: 'participant',
    attrs: { jid: context.directory.byPhone(phone)?.lid ?? '' },
  }));
  await askGroup(context, group, { tag: action, attrs: {}, content });
  tellOwnDoing(context, group, action, phones);
}

/**
 * Comes in by an invite code, or asks to, where admins decide.
 * @returns the group that the account is in; undefined when it has asked
 * @throws PhoneError
 */
export async function joinGroup(context: PhoneContext, code: string): Promise<string | undefined> {
  const answer = await askGroup(context, '@g.us', { tag: 'invite', attrs: { code } });
  return getBinaryNodeChild(answer, 'group')?.attrs.jid;
}

/** @throws PhoneError */
export async function leaveGroup(context: PhoneContext, group: string): Promise<void> {
  const one = { tag: 'group', attrs: { id: group } };
  await askGroup(context, '@g.us', { tag: 'leave', attrs: {}, content: [one] });
  tellOwnDoing(context, group, 'remove', [context.account().phone]);
}

/** Where the picture of somebody or of a group is; undefined without one. */
export async function pictureUrl(context: PhoneContext, jid: string): Promise<string | undefined> {
  const query = { tag: 'picture', attrs: { type: 'image', query: 'url' } };
  const answer = await context
    .request({
      tag: 'iq',
      attrs: { to: S_WHATSAPP_NET, target: jid, type: 'get', xmlns: 'w:profile:picture' },
      content: [query],
    })
    .catch((error: unknown) => {
      if (error instanceof IqFailure) return undefined;
      throw error;
    });
  return answer && getBinaryNodeChild(answer, 'picture')?.attrs.url;
}

/** The code of a group's invite link. @throws PhoneError */
export async function inviteCode(context: PhoneContext, group: string): Promise<string> {
  const answer = await askGroup(context, group, { tag: 'invite', attrs: {} }, 'get');
  return getBinaryNodeChild(answer, 'invite')?.attrs.code ?? '';
}

/** Makes a new invite code; the former leads nowhere. @throws PhoneError */
export async function resetInviteCode(context: PhoneContext, group: string): Promise<void> {
  await askGroup(context, group, { tag: 'invite', attrs: {} });
}

/** Lets in or sends away who asked to come in. @throws PhoneError */
export async function answerJoinRequests(
  context: PhoneContext,
  group: string,
  action: 'approve' | 'reject',
  phones: string[],
): Promise<void> {
  const content = phones.map((phone) => ({
    tag: 'participant',
    attrs: { jid: context.directory.byPhone(phone)?.lid ?? '' },
  }));
  const answer = { tag: action, attrs: {}, content };
  await askGroup(context, group, {
    tag: 'membership_requests_action',
    attrs: {},
    content: [answer],
  });
}

async function askGroup(
  context: PhoneContext,
  to: string,
  request: BinaryNode,
  type: 'get' | 'set' = 'set',
): Promise<BinaryNode> {
  try {
    return await context.request({
      tag: 'iq',
      attrs: { to, type, xmlns: 'w:g2' },
      content: [request],
    });
  } catch (error) {
    if (!(error instanceof IqFailure)) throw error;
    throw new PhoneError('refused', `The server refused <${request.tag}>: ${error.message}`);
  }
}
