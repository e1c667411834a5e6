import { isLidJid, isPnJid, normalizeJid, userOf } from '../../../whatsapp/jid.js';
import { otherNames } from './in-page-reading.js';
import type { BrowserPage } from './library.js';
import type { WidData } from './page-window.js';

/** WhatsApp Web calls people by number `@c.us`. */
export function pageId(jid: string): string {
  return isPnJid(jid) ? `${userOf(jid)}@c.us` : jid;
}

export function jidOf(wid: WidData): string {
  return normalizeJid(typeof wid === 'string' ? wid : wid._serialized);
}

/** Numbers and LIDs of the same persons, as the page knows them. */
export class OtherNames {
  private readonly known = new Map<string, string>();

  constructor(private readonly page: () => BrowserPage | undefined) {}

  /** The other name of each person, by jid; what the page does not know is absent. */
  async of(jids: string[]): Promise<Map<string, string>> {
    const asked = [...new Set(jids)].filter(
      (jid) => (isPnJid(jid) || isLidJid(jid)) && !this.known.has(jid),
    );
    const page = this.page();
    if (asked.length > 0 && page) {
      const others = await page.evaluate(otherNames, asked.map(pageId));
      asked.forEach((jid, n) => {
        const other = others[n];
        if (other) this.known.set(jid, jidOf(other));
      });
    }
    return this.known;
  }
}
