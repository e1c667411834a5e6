import type { BinaryNode } from 'baileys/lib/WABinary/index.js';

/** The same message with one bit of each ciphertext turned, so that no key opens it. */
export function damaged(stanza: BinaryNode): BinaryNode {
  if (!Array.isArray(stanza.content)) return stanza;
  const content = stanza.content.map((child) => {
    if (child.tag !== 'enc' || !(child.content instanceof Uint8Array)) return child;
    const bytes = Buffer.from(child.content);
    // In the MAC or signature; behind it a first message has fields that are not authenticated.
    const at = bytes.length - 12;
    bytes[at] = bytes[at]! ^ 1;
    return { ...child, content: bytes };
  });
  return { ...stanza, content };
}

/** The same message without the author's other name (PN or LID), as WhatsApp sometimes sends it. */
export function withOneName(stanza: BinaryNode): BinaryNode {
  const { sender_pn, sender_lid, participant_pn, participant_lid, ...attrs } = stanza.attrs;
  return { ...stanza, attrs };
}
