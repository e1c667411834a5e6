import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scope } from '../../../../event-log/event-log.js';
import type { KnowledgeDocument, KnowledgeIndex, KnowledgeQuery } from '../knowledge-index.js';

/** Messages, and what has to be among the first of what a query finds. */
const quality = JSON.parse(
  readFileSync(new URL('./quality-set.json', import.meta.url), 'utf8'),
) as {
  messages: { id: string; text: string }[];
  queries: { kind: string; q: string; expect: string[] }[];
};

const FIRST = 3;
const GROUPS = ['111111@g.us', '222222@g.us'] as const;
const DAY = Date.UTC(2026, 0, 10);
const EVERYTHING: Scope[] = [{}];

/** An index with nothing in it, and how documents come into it. */
export interface EmptyIndex {
  index: KnowledgeIndex;
  put(documents: KnowledgeDocument[]): Promise<void>;
  remove(document: KnowledgeDocument): Promise<void>;
  stop(): Promise<void>;
}

/** What every index keeps. */
export function knowledgeIndexContract(name: string, open: () => Promise<EmptyIndex>): void {
  describe(`the search on ${name}`, () => {
    let empty: EmptyIndex;
    const documents = new Map<string, KnowledgeDocument>();

    beforeAll(async () => {
      empty = await open();
      for (const [n, { id, text }] of quality.messages.entries()) {
        documents.set(id, documentOf(id, text, n));
      }
      await empty.put([...documents.values()]);
    }, 60_000);
    afterAll(() => empty.stop());

    const find = async (query: Partial<KnowledgeQuery>) => {
      const found = await empty.index.search({ q: '', scope: EVERYTHING, limit: 10, ...query });
      return found.keys.map(({ messageId }) => messageId);
    };

    it('finds what the quality set asks for among the first three, nine times out of ten', async () => {
      const missed: string[] = [];
      for (const { q, expect: wanted, kind } of quality.queries) {
        const first = (await find({ q })).slice(0, FIRST);
        if (!wanted.every((id) => first.includes(id))) missed.push(`${kind}: ${q} → ${first}`);
      }
      const share = 1 - missed.length / quality.queries.length;
      console.log(
        `${name}: ${Math.round(share * 1000) / 10} % found${missed.map((m) => `\n  ${m}`).join('')}`,
      );
      expect(share).toBeGreaterThanOrEqual(0.9);
    }, 60_000);

    it('with no words the newest come first, page after page, each once', async () => {
      const all: string[] = [];
      for (let after: string | undefined; ; ) {
        const page = await empty.index.search({ q: '', scope: EVERYTHING, limit: 7, after });
        all.push(...page.keys.map(({ messageId }) => messageId));
        if (page.after === null) break;
        after = page.after;
      }
      const newest = [...documents.values()].sort((a, b) => b.at - a.at);
      expect(all).toEqual(newest.map(({ messageId }) => messageId));
    });

    it('narrows by group, tag, sender and time', async () => {
      const of = (fits: (document: KnowledgeDocument) => boolean) =>
        [...documents.values()].filter(fits).map(({ messageId }) => messageId);
      const sorted = async (query: Partial<KnowledgeQuery>) =>
        (await find({ ...query, limit: 100 })).sort();
      expect(await sorted({ groupId: GROUPS[1] })).toEqual(
        of(({ groupId }) => groupId === GROUPS[1]).sort(),
      );
      expect(await sorted({ tag: 'printer' })).toEqual(['en-printer', 'en-toner']);
      expect(await sorted({ tag: 'promocao' })).toEqual(['pt-promocao']);
      expect(await sorted({ senders: ['1@s.whatsapp.net', '1@lid'] })).toEqual(
        of(({ senderJid }) => senderJid === '1@s.whatsapp.net').sort(),
      );
      const [from, to] = [DAY + 10_000, DAY + 20_000];
      expect(await sorted({ from, to })).toEqual(of(({ at }) => at >= from && at < to).sort());
      expect(await find({ q: 'printer', groupId: GROUPS[0] })).toEqual(
        of((document) => document.groupId === GROUPS[0] && /printer/.test(document.text)),
      );
    });

    it('shows nobody what is not theirs', async () => {
      expect(await find({ q: 'forklift', scope: [] })).toEqual([]);
      expect(await find({ q: 'forklift', scope: [{ ownerId: 'somebody' }] })).toEqual([]);
      expect(await find({ q: 'forklfit', scope: [{ ownerId: 'somebody' }] })).toEqual([]);
      const shared = { ownerId: 'owner', sessionId: 's1' };
      expect(await find({ q: 'forklift', scope: [shared] })).toEqual(['en-forklift']);
      expect(await find({ q: 'forklift', scope: [{ ...shared, sessionId: 's2' }] })).toEqual([]);
    });

    it('follows changes, and finds no more what was taken out', async () => {
      const document = documentOf('changing', 'The zebra crossing is painted #paint', 500);
      await empty.put([document]);
      expect(await find({ q: 'zebra' })).toEqual(['changing']);
      await empty.put([{ ...document, text: 'The giraffe is painted', tags: [] }]);
      expect(await find({ q: 'zebra crossing' })).not.toContain('changing');
      expect(await find({ tag: 'paint' })).toEqual([]);
      expect(await find({ q: 'girafe' })).toEqual(['changing']);
      await empty.remove(document);
      expect(await find({ q: 'giraffe' })).toEqual([]);
    });

    it.each(['"', '""', '(', '* AND', "' | &", ':*', '\\', '#', '#4711', '-', 'a"b"c', '\u0301'])(
      'a query of signs does no harm: %s',
      async (q) => {
        expect(Array.isArray(await find({ q }))).toBe(true);
      },
    );
  });
}

const TAG = /#([\p{L}\p{M}\p{N}_-]+)/gu;

function documentOf(id: string, text: string, n: number): KnowledgeDocument {
  return {
    ownerId: 'owner',
    groupId: GROUPS[n % 2] ?? GROUPS[0],
    messageId: id,
    text,
    tags: [...text.matchAll(TAG)].map(([, tag = '']) => tag),
    senderJid: `${n % 3}@s.whatsapp.net`,
    sessionIds: ['s1'],
    at: DAY + n * 1000,
  };
}
