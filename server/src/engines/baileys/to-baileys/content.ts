import type { MessageContent } from '@patchbay/contract';
import { isGroupJid } from '../../../whatsapp/jid.js';
import { EngineError } from '../../engine-error.js';
import type { AnyMessageContent, BinaryNode, WAMessage, WAMessageKey } from '../baileys.js';

/** What rc14 needs to send one message. */
export interface BaileysOutgoing {
  content: AnyMessageContent;
  /** Attributes and children of the `<message>` stanza (`lib/Socket/messages-send.js`, sendMessage). */
  attributes: Record<string, string>;
  nodes: BinaryNode[];
}

/**
 * @param target the stored message that the content is about (reaction, edit, revoke), where known;
 *   without it a reaction is taken to be to the other side's message, the rest to be to our own
 * @throws EngineError `unsupported` for what cannot be sent
 */
export function contentToBaileys(
  content: MessageContent,
  chatJid: string,
  target?: WAMessage,
): BaileysOutgoing {
  const plain = (value: AnyMessageContent): BaileysOutgoing => ({
    content: value,
    attributes: {},
    nodes: [],
  });
  switch (content.type) {
    case 'text':
      // A preview would have the server fetch pages that strangers name.
      return plain({ text: content.text, linkPreview: null, mentions: content.mentions });
    case 'location':
      return plain({
        location: {
          degreesLatitude: content.latitude,
          degreesLongitude: content.longitude,
          name: content.name,
        },
      });
    case 'contact':
      return plain({
        contacts: {
          displayName: content.displayName,
          contacts: [{ displayName: content.displayName, vcard: content.vcard }],
        },
      });
    case 'poll':
      return {
        ...plain({ poll: { name: content.name, values: content.options, selectableCount: 1 } }),
        nodes: [{ tag: 'meta', attrs: { polltype: 'creation' } }],
      };
    case 'reaction':
      return plain({
        react: { text: content.emoji, key: keyOf(content.targetId, chatJid, false, target) },
      });
    case 'edit':
      return {
        ...plain({
          text: content.text,
          linkPreview: null,
          edit: keyOf(content.targetId, chatJid, true, target),
        }),
        attributes: { edit: '1' },
      };
    case 'revoke': {
      const key = keyOf(content.targetId, chatJid, true, target);
      const asAdmin = isGroupJid(chatJid) && !key.fromMe;
      return { ...plain({ delete: key }), attributes: { edit: asAdmin ? '8' : '7' } };
    }
    default:
      throw new EngineError('unsupported', `Messages of type ${content.type} cannot be sent`, true);
  }
}

function keyOf(
  id: string,
  chatJid: string,
  fromMe: boolean,
  target: WAMessage | undefined,
): WAMessageKey {
  if (!target) return { id, remoteJid: chatJid, fromMe };
  const { key, participant } = target;
  const author = key.participant ?? participant;
  return {
    id,
    remoteJid: key.remoteJid ?? chatJid,
    fromMe: key.fromMe ?? fromMe,
    ...(author && isGroupJid(chatJid) && { participant: author }),
  };
}
