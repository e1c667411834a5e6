import type { Engine, OutgoingMessage, PreparedMessage } from '../engine.js';

/** Prepares a message and sends it; resolves when it has left. */
export async function send(engine: Engine, message: OutgoingMessage): Promise<PreparedMessage> {
  const prepared = await engine.prepare(message);
  await prepared.send();
  return prepared;
}
