import { type BinaryNode, S_WHATSAPP_NET } from 'baileys/lib/WABinary/index.js';
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
  /** Seconds; 0 = never. */
  ephemeral?: number | undefined;
}

/** Changes what is said about a group, one thing after another. @throws PhoneError */
export async function changeGroup(
  context: PhoneContext,
  group: string,
  change: GroupChange,
): Promise<void> {
  const { subject, description, announcement, locked, ephemeral } = change;
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
  if (ephemeral !== undefined) {
    requests.push(
      ephemeral > 0
        ? { tag: 'ephemeral', attrs: { expiration: String(ephemeral) } }
        : { tag: 'not_ephemeral', attrs: {} },
    );
  }
  for (const request of requests) await askGroup(context, group, request);
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
}

async function askGroup(context: PhoneContext, to: string, request: BinaryNode): Promise<void> {
  try {
    await context.request({
      tag: 'iq',
      attrs: { to, type: 'set', xmlns: 'w:g2' },
      content: [request],
    });
  } catch (error) {
    if (!(error instanceof IqFailure)) throw error;
    throw new PhoneError('refused', `The server refused <${request.tag}>: ${error.message}`);
  }
}
