import { Parser } from 'htmlparser2';

/** What a page says of itself to those who link to it. */
export interface PageFacts {
  title?: string;
  description?: string;
  /** As it stands in the page; may be relative. */
  image?: string;
}

/** Later ones are only taken where the earlier are absent. */
const NAMES = {
  title: ['og:title', 'twitter:title'],
  description: ['og:description', 'twitter:description', 'description'],
  image: ['og:image:secure_url', 'og:image', 'og:image:url', 'twitter:image'],
} as const;

/** Reads the head of an HTML page, piece by piece; what comes after it is of no interest. */
export class PageReader {
  private readonly meta = new Map<string, string>();
  private title = '';
  private depthOfTitle = 0;
  /** Nothing more is to be learnt from the page. */
  ended = false;

  private readonly parser = new Parser({
    onopentag: (name, { property, name: named, content }) => {
      if (name === 'body') this.ended = true;
      if (this.ended) return;
      if (name === 'title') this.depthOfTitle += 1;
      const key = (property ?? named)?.toLowerCase();
      if (name === 'meta' && key && content && !this.meta.has(key)) this.meta.set(key, content);
    },
    ontext: (text) => {
      if (this.ended) return;
      if (this.depthOfTitle > 0 && this.title.length < 2000) this.title += text;
    },
    onclosetag: (name) => {
      if (name === 'head') this.ended = true;
      if (name === 'title') this.depthOfTitle -= 1;
    },
  });

  take(html: string): void {
    this.parser.write(html);
  }

  facts(): PageFacts {
    const found = (names: readonly string[]) =>
      names.map((name) => clean(this.meta.get(name))).find((text) => text !== '');
    const title = found(NAMES.title) ?? clean(this.title);
    const description = found(NAMES.description);
    const image = found(NAMES.image);
    return {
      ...(title && { title }),
      ...(description && { description }),
      ...(image && { image }),
    };
  }
}

/** One line, without what no database takes. */
function clean(text: string | undefined): string {
  return (text ?? '').replace(/[\s\p{Cc}]+/gu, ' ').trim();
}
