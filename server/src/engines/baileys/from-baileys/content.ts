import type { MessageContent } from '@patchbay/contract';
import { proto } from '../baileys.js';
import { wireBytes } from '../wire-bytes.js';
import { actionFrom, settingFrom } from './actions.js';
import { contactsFrom, eventFrom, groupInviteFrom, pollFrom } from './cards.js';
import { isViewOnce, unwrap } from './envelopes.js';
import { mediaFrom } from './media-content.js';
import { placeFrom } from './place.js';
import { textFrom } from './text.js';

type Message = proto.IMessage;

/** Fields of a message that are not what it says. */
const NOT_CONTENT = new Set(['senderKeyDistributionMessage', 'messageContextInfo']);

/**
 * What a message says, or undefined where it says nothing to people: keys, history notifications
 * and other traffic between devices.
 */
export function contentFromBaileys(message: Message): MessageContent | undefined {
  const inner = unwrap(message);
  const content =
    textFrom(inner) ??
    mediaFrom(inner) ??
    placeFrom(inner) ??
    contactsFrom(inner) ??
    pollFrom(inner) ??
    eventFrom(inner) ??
    groupInviteFrom(inner) ??
    actionFrom(inner, shownText) ??
    otherFrom(inner) ??
    unknownFrom(message);
  return content && isViewOnce(message)
    ? ({ ...content, viewOnce: true } as MessageContent)
    : content;
}

/** The text of an edited message: the text itself, or the caption of media. */
function shownText(message: Message): string {
  const content = contentFromBaileys(message);
  if (content?.type === 'text') return content.text;
  return (content && 'caption' in content && content.caption) || '';
}

function otherFrom(message: Message): MessageContent | undefined {
  if (message.protocolMessage) return settingFrom(message.protocolMessage);
  const name = Object.entries(message).find(
    ([field, value]) => value !== null && value !== undefined && !NOT_CONTENT.has(field),
  )?.[0];
  if (!name || name === 'conversation') return undefined;
  return { type: 'other', kind: name.replace(/Messs?age(V\d)?$/, '') };
}

/** A kind that is newer than this version of Baileys: its field was skipped when it was read. */
function unknownFrom(message: Message): MessageContent | undefined {
  const bytes = wireBytes(message);
  if (!bytes?.length || message.protocolMessage) return undefined;
  if (proto.Message.encode(message).finish().length >= bytes.length) return undefined;
  return { type: 'other', kind: 'unknown' };
}
