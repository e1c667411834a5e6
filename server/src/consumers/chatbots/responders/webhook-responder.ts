import type { ResponderCall } from '@patchbay/contract';
import { WEBHOOK_HEADERS } from '@patchbay/contract';
import { z } from 'zod';
import type { GuardedFetch } from '../../../user-urls/guarded-fetch.js';
import { sign } from '../../../user-urls/signature.js';
import { readText } from './read-text.js';
import type { Answer, Asked } from './responder.js';
import { mayHelp, NoAnswer } from './responder.js';

/** The reply as JSON; `null` or absent: no answer. */
const Reply = z.object({ reply: z.string().max(16_000).nullish() });

/**
 * Calls the user's URL with the question. The answer's body becomes the reply: plain text as it is, or
 * JSON as `{ "reply": "..." }`; 204, an empty body and a null reply mean that nothing is answered.
 * @throws {NoAnswer} any other status, or a body of another kind
 */
export async function callResponder(
  guarded: GuardedFetch,
  { url, secret }: { url: string; secret: string },
  asked: Asked,
  signal: AbortSignal,
): Promise<Answer> {
  const body = JSON.stringify(callOf(asked));
  const response = await guarded.fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Patchbay',
      [WEBHOOK_HEADERS.signature]: sign(secret, body, Date.now()),
    },
    body,
    signal,
  });
  const text = await readText(response);
  const { status } = response;
  if (status < 200 || status > 299) {
    throw new NoAnswer(`the URL answered ${status}`, mayHelp(status));
  }
  const isJson = /^application\/([\w.]+\+)?json\b/.test(String(response.headers['content-type']));
  return { text: (isJson ? replyIn(text) : text.trim()) || null, tokensIn: 0, tokensOut: 0 };
}

function callOf(asked: Asked): ResponderCall {
  const { questions, ...rest } = asked;
  return {
    ...rest,
    history: [...asked.history],
    messages: questions.map(({ id, content, at }) => {
      return { id, content, timestamp: new Date(at).toISOString() };
    }),
  };
}

function replyIn(text: string): string {
  if (text.trim() === '') return '';
  try {
    return Reply.parse(JSON.parse(text)).reply?.trim() ?? '';
  } catch {
    throw new NoAnswer('the URL answered JSON without a text in `reply`', false);
  }
}
