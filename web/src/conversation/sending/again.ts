import type { Message } from '@patchbay/contract';
import { words } from '../../words/words.js';
import type { Outgoing } from './wish.js';

/** Kinds of which the page knows all that is needed to send them anew. */
const REPEATABLE = new Set(['text', 'image', 'video', 'audio', 'document']);

export function isRepeatable({ type, mediaUrl, deleted }: Message): boolean {
  return !deleted && REPEATABLE.has(type) && (type === 'text' || Boolean(mediaUrl));
}

/**
 * A message that failed, as a new one; its file comes from the server again.
 * @throws when the file cannot be had
 */
export async function again(message: Message): Promise<Outgoing> {
  const { chatId, type, content, mediaUrl, media, filename, caption = '', mentions } = message;
  const { quotedMessage: quoted } = message;
  const beside = { chatId, ...(quoted && { quoted }) };
  if (type === 'text') return { ...beside, text: content, ...(mentions && { mentions }) };
  const answer = await fetch(mediaUrl ?? '');
  if (!answer.ok) throw new Error(words.media.missing(words.kinds[type] ?? ''));
  const blob = await answer.blob();
  const { width, height, seconds = 0, waveform = [] } = media ?? {};
  const voice = media?.voice ? { voice: { seconds, waveform } } : {};
  const file = { blob, name: filename ?? type, width, height, ...voice };
  return { ...beside, text: type === 'document' ? caption : media?.voice ? '' : content, file };
}
