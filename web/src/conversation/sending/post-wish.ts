import type { SendAnswer } from '@patchbay/contract';
import { sendContent, sendText } from '../../api/commands.js';
import { ApiError } from '../../api/request.js';
import { upload } from '../../api/upload.js';
import type { Wish } from './wish.js';

const REFUSED_FOR_NOW = new Set(['rate_limited', 'storage_unavailable', 'shutting_down']);

/** Whether the same request may succeed later, by itself. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  // Signed out: the page asks to sign in, and the wish goes on after that.
  return error.status === 401 || error.code === 'unreachable' || REFUSED_FOR_NOW.has(error.code);
}

/**
 * One try of a wish.
 * @param onProgress of files: the share that has left, 0 to 1
 * @throws {ApiError}
 */
export async function postWish(
  wish: Wish,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<SendAnswer> {
  const { sessionId, chatId, text, quoted, mentions, file, key } = wish;
  const to = { chatId, ...(quoted && { quotedMessageId: quoted.id }) };
  if (!file && mentions) {
    const content = { type: 'text' as const, text, mentions, quotedMessageId: quoted?.id };
    return await sendContent(sessionId, { chatId, content }, key);
  }
  if (!file) return await sendText(sessionId, { ...to, text }, key);
  const form = new FormData();
  for (const [name, value] of Object.entries(to)) form.set(name, value);
  if (text && !file.voice) form.set('caption', text);
  form.set(file.voice ? 'audio' : 'file', file.blob, file.name);
  const path = `/sessions/${encodeURIComponent(sessionId)}/send/${file.voice ? 'audio' : 'media'}`;
  return await upload<SendAnswer>(path, { body: form, idempotencyKey: key, signal, onProgress });
}
