import { TextDecoder } from 'node:util';
import type { LinkPreview } from '@patchbay/contract';
import { thumbnailOf } from '../media/inspect-image.js';
import { type GuardedFetch, type GuardedResponse, leave } from './guarded-fetch.js';
import { type PageFacts, PageReader } from './page-facts.js';

/** For page and picture together (ms); a message does not wait longer for what is a nicety. */
const WITHIN = 5000;
/** Heads of pages are shorter (bytes). */
const PAGE_BYTES = 512 * 1024;
const IMAGE_BYTES = 4 * 1024 * 1024;
/** Pages that are asked for at the same time. */
const AT_ONCE = 8;
/** A link that is sent to many is fetched once: so many are remembered, for so long (ms). */
const REMEMBERED = 200;
const REMEMBER_FOR = 10 * 60_000;
const LONGEST_TITLE = 300;
const LONGEST_DESCRIPTION = 500;

/** Makes the cards under links, from what the linked pages say of themselves. */
export class LinkPreviews {
  private readonly remembered = new Map<string, { found: Promise<Found>; until: number }>();
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  constructor(
    private readonly guarded: GuardedFetch,
    private readonly within = WITHIN,
  ) {}

  /**
   * The card of the first link in a text; undefined where there is none, or nothing could be learnt
   * in time: a message is never held up by it.
   */
  async of(text: string): Promise<LinkPreview | undefined> {
    const url = firstLink(text);
    if (!url) return undefined;
    const found = await this.find(url);
    return found && { url, ...found };
  }

  private find(url: string): Promise<Found> {
    const now = Date.now();
    const known = this.remembered.get(url);
    if (known && known.until > now) return known.found;
    const found = this.look(url).catch(() => undefined);
    this.remembered.delete(url);
    this.remembered.set(url, { found, until: now + REMEMBER_FOR });
    const [oldest] = this.remembered.keys();
    if (oldest !== undefined && this.remembered.size > REMEMBERED) this.remembered.delete(oldest);
    void found.then((preview) => {
      // The next one may be luckier.
      if (!preview && this.remembered.get(url)?.found === found) this.remembered.delete(url);
    });
    return found;
  }

  private async look(url: string): Promise<Found> {
    const signal = AbortSignal.timeout(this.within);
    await this.turn(signal, performance.now() + this.within);
    try {
      const answer = await this.guarded.fetch(url, { signal, headers: HEADERS });
      const { title, description, image } = await readPage(answer);
      if (!title && !description) return undefined;
      const thumbnail = image && (await this.picture(image, answer.url, signal));
      return {
        ...(title && { title: shortened(title, LONGEST_TITLE) }),
        ...(description && { description: shortened(description, LONGEST_DESCRIPTION) }),
        ...(thumbnail && { thumbnail }),
      };
    } finally {
      this.running -= 1;
      this.waiting.shift()?.();
    }
  }

  /** Waits until not too many are under way; throws when there is no time left for a page. */
  private async turn(signal: AbortSignal, deadline: number): Promise<void> {
    while (this.running >= AT_ONCE) {
      await new Promise<void>((resolve) => {
        this.waiting.push(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      if (signal.aborted || deadline - performance.now() < this.within / 10) {
        // Whether it was its turn or not: who is behind it looks again.
        this.waiting.shift()?.();
        throw new Error('no time is left for the page');
      }
    }
    this.running += 1;
  }

  /** A small JPEG in base64; a page is worth showing without its picture, too. */
  private async picture(
    image: string,
    page: string,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    if (!URL.canParse(image, page)) return undefined;
    try {
      const answer = await this.guarded.fetch(new URL(image, page).href, { signal });
      const bytes = answer.status === 200 ? await upTo(answer, IMAGE_BYTES) : undefined;
      if (!bytes) leave(answer);
      return bytes && (await thumbnailOf(bytes)).toString('base64');
    } catch {
      return undefined;
    }
  }
}

type Found = Omit<LinkPreview, 'url'> | undefined;

const HEADERS = {
  accept: 'text/html,application/xhtml+xml',
  'user-agent': 'Patchbay (link preview)',
};

/** The first link that is written out, without the punctuation behind it. */
export function firstLink(text: string): string | undefined {
  const found = /https?:\/\/[^\s<>"]+/i.exec(text)?.[0].replace(/[.,;:!?'*_~]+$/, '');
  // A closing bracket belongs to the link only where it was opened in it.
  const url = found?.endsWith(')') && !found.includes('(') ? found.slice(0, -1) : found;
  return url && URL.canParse(url) ? url : undefined;
}

async function readPage(answer: GuardedResponse): Promise<PageFacts> {
  const { status, headers, body } = answer;
  const type = String(headers['content-type'] ?? '');
  const reader = new PageReader();
  try {
    if (status !== 200 || !/^(text\/html|application\/xhtml\+xml)\b/i.test(type)) return {};
    let size = 0;
    let decoder: TextDecoder | undefined;
    for await (const chunk of body) {
      const bytes = chunk as Buffer;
      decoder ??= decoderFor(type, bytes);
      reader.take(decoder.decode(bytes, { stream: true }));
      size += bytes.length;
      if (reader.ended || size >= PAGE_BYTES) break;
    }
    return reader.facts();
  } finally {
    leave(answer);
  }
}

/** As the answer says, else as the page says at its beginning, else UTF-8. */
function decoderFor(contentType: string, beginning: Buffer): TextDecoder {
  const inPage = beginning.subarray(0, 2048).toString('latin1');
  const name = /charset=["']?([\w-]+)/i.exec(contentType) ?? /charset=["']?([\w-]+)/i.exec(inPage);
  try {
    return new TextDecoder(name?.[1] ?? 'utf-8');
  } catch {
    return new TextDecoder();
  }
}

/** All of a body; undefined when it is larger. */
async function upTo({ body }: GuardedResponse, most: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += (chunk as Buffer).length;
    if (size > most) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function shortened(text: string, most: number): string {
  const letters = [...text];
  return letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : text;
}
