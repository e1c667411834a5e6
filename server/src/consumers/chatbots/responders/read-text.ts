import type { GuardedResponse } from '../../../user-urls/guarded-fetch.js';
import { leave } from '../../../user-urls/guarded-fetch.js';
import { NoAnswer } from './responder.js';

/** Longest answer that is read (bytes). */
const MOST = 1024 * 1024;

/** The whole body as text. @throws {NoAnswer} when it is too long */
export async function readText(answer: GuardedResponse): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > MOST) {
      leave(answer);
      throw new NoAnswer('its answer is longer than 1 MB', false);
    }
  }
  return Buffer.concat(chunks).toString('utf8');
}
