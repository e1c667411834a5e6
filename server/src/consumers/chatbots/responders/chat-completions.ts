import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { TextDecoderStream } from 'node:stream/web';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { z } from 'zod';
import type { GuardedFetch, GuardedResponse } from '../../../user-urls/guarded-fetch.js';
import type { AiSettings } from '../chatbot-store.js';
import { readText } from './read-text.js';
import type { Answer, Asked } from './responder.js';
import { mayHelp, NoAnswer } from './responder.js';
import { estimatedTokens, lastThatFit } from './token-window.js';

/** WhatsApp takes longer texts, people do not. */
const LONGEST_ANSWER = 16_000;

const Usage = z
  .object({ prompt_tokens: z.number().int().min(0), completion_tokens: z.number().int().min(0) })
  .nullish();
const Completion = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string().nullish() }) })).min(1),
  usage: Usage,
});
const Piece = z.object({
  choices: z.array(z.object({ delta: z.object({ content: z.string().nullish() }).nullish() })),
  usage: Usage,
});

interface Said {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/**
 * Asks an OpenAI-compatible endpoint (`POST <baseUrl>/chat/completions`) for the next message.
 * @throws {NoAnswer} it answered with an error, or with what is no completion
 */
export async function completeChat(
  guarded: GuardedFetch,
  { baseUrl, model, prompt, historyTokens, answerTokens, stream }: AiSettings,
  apiKey: string | undefined,
  asked: Asked,
  signal: AbortSignal,
): Promise<Answer> {
  const messages = said(asked, prompt, historyTokens);
  const response = await guarded.fetch(`${baseUrl?.replace(/\/+$/, '')}/chat/completions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: stream ? 'text/event-stream' : 'application/json',
      'user-agent': 'Patchbay',
    },
    originHeaders: apiKey ? { authorization: `Bearer ${apiKey}` } : {},
    body: JSON.stringify({
      model,
      messages,
      max_tokens: answerTokens,
      stream,
      ...(stream && { stream_options: { include_usage: true } }),
    }),
    signal,
  });
  if (response.status !== 200) throw await refusal(response);
  const isStream = String(response.headers['content-type']).startsWith('text/event-stream');
  const { text, usage } = isStream ? await fromStream(response) : await fromBody(response);
  const whole = messages.reduce((sum, { content }) => sum + estimatedTokens(content), 0);
  return {
    text: text.trim().slice(0, LONGEST_ANSWER) || null,
    // Where an endpoint does not say what was used, it counts as estimated.
    tokensIn: usage?.prompt_tokens ?? whole,
    tokensOut: usage?.completion_tokens ?? estimatedTokens(text),
  };
}

function said({ questions, history }: Asked, prompt: string, historyTokens: number): Said[] {
  return [
    ...(prompt ? [{ role: 'system' as const, content: prompt }] : []),
    ...lastThatFit(history, historyTokens).map(
      ({ by, content }): Said => ({ role: by === 'contact' ? 'user' : 'assistant', content }),
    ),
    ...questions.map(({ content }): Said => ({ role: 'user', content })),
  ];
}

async function fromBody(response: GuardedResponse) {
  const completion = Completion.safeParse(jsonOf(await readText(response)));
  if (!completion.success) throw new NoAnswer('the endpoint answered no chat completion', false);
  const { choices, usage } = completion.data;
  return { text: choices[0]?.message.content ?? '', usage };
}

async function fromStream({ body }: GuardedResponse) {
  const bytes = Readable.toWeb(body) as ReadableStream<Uint8Array>;
  const events = bytes
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  let text = '';
  let usage: z.infer<typeof Usage>;
  for await (const { data } of events as AsyncIterable<{ data: string }>) {
    if (data === '[DONE]') return { text, usage };
    const piece = Piece.safeParse(jsonOf(data));
    if (!piece.success) throw new NoAnswer('the endpoint broke off its answer', true);
    text += piece.data.choices[0]?.delta?.content ?? '';
    usage = piece.data.usage ?? usage;
    if (text.length > LONGEST_ANSWER) return { text, usage };
  }
  throw new NoAnswer('the endpoint broke off its answer', true);
}

/** What the endpoint says is wrong; bodies of errors do not hold the key. */
async function refusal(response: GuardedResponse): Promise<NoAnswer> {
  const body = jsonOf(await readText(response).catch(() => ''));
  const told = z.object({ error: z.object({ message: z.string() }) }).safeParse(body);
  const reason = told.success ? `: ${told.data.error.message.slice(0, 300)}` : '';
  return new NoAnswer(
    `the endpoint answered ${response.status}${reason}`,
    mayHelp(response.status),
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
