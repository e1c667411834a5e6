import type { CrashPoint } from './crash-points.js';
import type { Finding } from './finding.js';

/** A way in which the product keeps messages (server/src/unsafe.ts), and what happens without it. */
export interface Mechanism {
  name: string;
  /** Where a death does harm when it is off. */
  points: CrashPoint[];
  /** Whether it is needed only where no receipt tells that a message arrived. */
  unheard?: boolean;
  /** One of these must be found then. */
  harm: Finding['kind'][];
}

export const MECHANISMS: readonly Mechanism[] = [
  // The receipt has left, the message is not stored: WhatsApp never brings it again.
  { name: 'ack-after-commit', points: ['after-receipt'], harm: ['lost'] },
  // It comes again, and its key is used up.
  {
    name: 'stanza-journal',
    points: ['after-decrypt', 'after-commit', 'before-receipt'],
    harm: ['lost', 'undecryptable'],
  },
  // The next message is encrypted with a key that was used before.
  { name: 'sending-ratchet-first', points: ['after-stanza'], harm: ['lost'] },
  // What has left is sent again as another message.
  { name: 'outbox-ids', points: ['after-stanza'], unheard: true, harm: ['doubled'] },
  // The message is in the outbox, and who asked for it does not know.
  { name: 'noted-with-message', points: ['after-accept'], harm: ['doubled'] },
  // What was recorded before the death and not yet read is never read.
  {
    name: 'cursor',
    points: ['after-cursor-read', 'before-cursor-advance', 'after-commit'],
    harm: ['lost', 'doubled'],
  },
];
