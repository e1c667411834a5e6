/** A link as it stands in a text, and where it leads. */
export interface Link {
  text: string;
  href: string;
}

const WEB = /(?:https?:\/\/|www\.)[^\s<>"]+/iy;
const MAIL = /[\w.+-]{1,64}@(?:[a-z0-9-]+\.)+[a-z]{2,24}/iy;

/** The link that begins at a place of a text. */
export function linkAt(text: string, at: number): Link | null {
  const web = matchAt(WEB, text, at);
  if (web) {
    const shown = withoutTail(web);
    const href = /^www\./i.test(shown) ? `https://${shown}` : shown;
    return URL.canParse(href) && new URL(href).hostname.length > 1 ? { text: shown, href } : null;
  }
  const mail = /[\w.+-]/.test(text[at] as string) ? matchAt(MAIL, text, at) : null;
  return mail ? { text: mail, href: `mailto:${mail}` } : null;
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

/** The stop of a sentence and a bracket around a link are no part of it. */
function withoutTail(url: string): string {
  const shorter = url.replace(/[.,;:!?'*_~\]}]+$/, '');
  const closes = shorter.endsWith(')') && count(shorter, ')') > count(shorter, '(');
  if (closes) return withoutTail(shorter.slice(0, -1));
  return shorter;
}

function count(text: string, sign: string): number {
  return text.split(sign).length - 1;
}
