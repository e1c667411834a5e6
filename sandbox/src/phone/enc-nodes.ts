import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import type { TargetDevice } from './device-lookup.js';
import type { Encrypted } from './signal-peer.js';

/** `count` is set on the answer to a retry receipt. */
export function encNode({ type, ciphertext }: Encrypted, count?: number): BinaryNode {
  return {
    tag: 'enc',
    attrs: { v: '2', type, ...(count ? { count: String(count) } : {}) },
    content: Buffer.from(ciphertext),
  };
}

export function encTo(device: TargetDevice, encrypted: Encrypted): BinaryNode {
  return { tag: 'to', attrs: { jid: device.jid }, content: [encNode(encrypted)] };
}
