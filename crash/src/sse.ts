export interface SseBlock {
  id: string | undefined;
  event: string | undefined;
  data: string | undefined;
}

/** Reads Server-Sent Events until the stream ends or breaks. A block counts when it is whole. */
export async function readSse(
  url: string,
  headers: Record<string, string>,
  signal: AbortSignal,
  take: (block: SseBlock) => void,
): Promise<void> {
  const response = await fetch(url, { headers, signal });
  if (!response.ok || !response.body) return;
  let text = '';
  for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (text + part).split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
      take({ id: field('id'), event: field('event'), data: field('data') });
    }
  }
}
