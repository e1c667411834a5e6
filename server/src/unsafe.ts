/**
 * What keeps messages from being lost or doubled. Each can be switched off, so that the crash harness
 * proves that it would notice the loss: never for use.
 */
export const MECHANISMS = [
  /** A stanza of WhatsApp is acknowledged when what it brought is committed. */
  'ack-after-commit',
  /** A stanza is kept with the ratchet step that it took, for when it comes again. */
  'stanza-journal',
  /** The sending ratchet's step is durable before the stanza leaves. */
  'sending-ratchet-first',
  /** A message is sent again under the id that it got when it was accepted. */
  'outbox-ids',
  /** That something was passed on or answered becomes durable with the message that does it. */
  'noted-with-message',
  /** A reader's position in the event log is durable. */
  'cursor',
] as const;

export type Mechanism = (typeof MECHANISMS)[number];

const off = new Set<Mechanism>();

/** Once at start. */
export function switchOff(mechanisms: readonly Mechanism[]): void {
  off.clear();
  for (const mechanism of mechanisms) off.add(mechanism);
}

export function isSwitchedOff(mechanism: Mechanism): boolean {
  return off.has(mechanism);
}
