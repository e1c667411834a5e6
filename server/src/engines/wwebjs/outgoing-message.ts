import { rm } from 'node:fs/promises';
import { isMedia } from '@patchbay/contract';
import type { EngineHost, OutgoingMessage } from '../engine.js';
import { EngineError } from '../engine-error.js';
import { putDown } from './files.js';
import type { PageMessage } from './protocol.js';
import { keyIn } from './raw.js';
import { LARGEST_FILE } from './start-settings.js';

/**
 * A message as its page needs it: what it refers to by the page's keys, its file in a folder.
 * `discard` takes the file away again.
 */
export async function outgoingMessage(
  { id, chatJid, content, quoted, again = false }: OutgoingMessage,
  host: EngineHost,
  files: string,
): Promise<{ message: PageMessage; discard: () => Promise<void> }> {
  if ('forwardOf' in content && content.forwardOf) {
    throw new EngineError('unsupported', 'A session in a browser cannot pass messages on', true);
  }
  const message: PageMessage = { id, chatJid, content, again };
  const quotedId = 'quotedMessageId' in content ? content.quotedMessageId : undefined;
  const quotedRaw = quoted ?? (quotedId ? await host.sentMessage(quotedId) : undefined);
  if (quotedRaw) message.quotedKey = keyIn(quotedRaw);
  // Of what is deleted nothing is kept; the page finds it by its id.
  const targetRaw = 'targetId' in content ? await host.sentMessage(content.targetId) : undefined;
  if (targetRaw) message.targetKey = keyIn(targetRaw);
  if (!isMedia(content)) return { message, discard: async () => undefined };
  const file = await host.outgoingFile(id);
  if (!file) throw new EngineError('unsupported', 'The file of the message is gone', true);
  const path = await putDown(file, files, LARGEST_FILE);
  return { message: { ...message, file: { path } }, discard: () => rm(path, { force: true }) };
}
