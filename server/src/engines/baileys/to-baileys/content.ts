import type { MessageContent } from '@patchbay/contract';
import { isGroupJid } from '../../../whatsapp/jid.js';
import { EngineError } from '../../engine-error.js';
import type { BinaryNode, proto, WAMessage } from '../baileys.js';
import type { Me } from '../from-baileys/message.js';
import {
  editToBaileys,
  pinToBaileys,
  reactionToBaileys,
  revokeToBaileys,
  timerToBaileys,
} from './actions.js';
import { responseToBaileys, voteToBaileys } from './answers.js';
import { forwardToBaileys } from './forward.js';
import {
  contactsToBaileys,
  eventToBaileys,
  groupInviteToBaileys,
  placeToBaileys,
  pollToBaileys,
  textToBaileys,
} from './things.js';

/** What rc14 needs to send one message. */
export interface BaileysOutgoing {
  message: proto.IMessage;
  /** Attributes and children of the `<message>` stanza (`lib/Socket/messages-send.js`, sendMessage). */
  attributes: Record<string, string>;
  nodes: BinaryNode[];
}

export interface OutgoingContext {
  chatJid: string;
  me: Me;
  /**
   * The stored message that the content is about (reaction, vote, edit, forward ...), where known;
   * without it a reaction is taken to be to the other side's message, the rest to be to our own.
   */
  target?: WAMessage | undefined;
}

/** @throws EngineError `unsupported` for what cannot be sent */
export function contentToBaileys(
  content: MessageContent,
  { chatJid, me, target }: OutgoingContext,
): BaileysOutgoing {
  const plain = (message: proto.IMessage, ...nodes: BinaryNode[]): BaileysOutgoing => ({
    message,
    attributes: {},
    nodes,
  });
  if ('forwardOf' in content && content.forwardOf) return plain(forwardToBaileys(content, target));
  switch (content.type) {
    case 'text':
      return plain(textToBaileys(content));
    case 'location':
      return plain(placeToBaileys(content));
    case 'contact':
      return plain(contactsToBaileys(content));
    case 'poll':
      return plain(pollToBaileys(content), meta({ polltype: 'creation' }));
    case 'event':
      return plain(eventToBaileys(content), meta({ event_type: 'creation' }));
    case 'group_invite':
      return plain(groupInviteToBaileys(content));
    case 'poll_vote':
      return plain(voteToBaileys(content, chatJid, me, target), meta({ polltype: 'vote' }));
    case 'event_response': {
      const message = responseToBaileys(content, chatJid, me, target);
      return plain(message, meta({ event_type: 'response' }));
    }
    case 'reaction':
      return { ...plain({}), ...reactionToBaileys(content, chatJid, target) };
    case 'edit':
      return { ...plain({}), ...editToBaileys(content, chatJid, target) };
    case 'revoke':
      return { ...plain({}), ...revokeToBaileys(content, chatJid, target) };
    case 'pin':
      return { ...plain({}), ...pinToBaileys(content, chatJid, target) };
    case 'system':
      if (content.action === 'disappearing_timer' && !isGroupJid(chatJid)) {
        return { ...plain({}), ...timerToBaileys(content.seconds ?? 0) };
      }
      break;
  }
  throw new EngineError('unsupported', `Messages of type ${content.type} cannot be sent`, true);
}

const meta = (attrs: Record<string, string>): BinaryNode => ({ tag: 'meta', attrs });
