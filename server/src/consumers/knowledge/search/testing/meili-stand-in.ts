import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { foldedWords } from '../fold.js';
import { Matcher } from '../matching.js';
import { wantedOf } from '../wanted.js';

type Row = Record<string, unknown> & { id: string };
interface SearchBody {
  q: string;
  filter: (string | string[])[];
  sort?: string[];
  offset: number;
  limit: number;
}

/**
 * As much of Meilisearch's published HTTP API as the adapter uses: tasks, documents, settings, and a
 * search that knows its filter expressions. How well the real one finds is its own business.
 */
export class MeiliStandIn {
  private readonly rows = new Map<string, Row>();
  private readonly created = new Set<string>();
  private readonly tasks: { status: string; error: object | null }[] = [];
  filterable: string[] = [];
  /** Answers 503 to everything. */
  away = false;
  readonly keys: (string | undefined)[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<MeiliStandIn> {
    const server = createServer();
    const one = new MeiliStandIn(server);
    server.on('request', (request, response) => {
      let text = '';
      request.on('data', (part) => {
        text += part;
      });
      request.on('end', () => {
        one.keys.push(request.headers.authorization);
        const body: unknown = text ? JSON.parse(text) : undefined;
        const [status, answer] = one.answer(request.method ?? '', request.url ?? '', body);
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(answer));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return one;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(method: string, url: string, body: unknown): [number, unknown] {
    const path = url.split('?')[0] ?? '';
    if (this.away) return [503, { message: 'away', code: 'unavailable', type: 'internal' }];
    const task = /^\/tasks\/(\d+)$/.exec(path);
    if (task) return [200, { uid: Number(task[1]), ...this.tasks[Number(task[1])] }];
    if (method === 'POST' && path === '/indexes') {
      const { uid } = body as { uid: string };
      const error = this.created.has(uid)
        ? { code: 'index_already_exists', message: 'it is' }
        : null;
      this.created.add(uid);
      return this.enqueued(error);
    }
    const [, uid = '', what = '', id] = /^\/indexes\/([^/]+)\/([^/]+)(?:\/(.+))?$/.exec(path) ?? [];
    if (!this.created.has(uid)) return [404, { code: 'index_not_found', message: uid }];
    if (what === 'settings') {
      this.filterable = (body as { filterableAttributes: string[] }).filterableAttributes;
      return this.enqueued(null);
    }
    if (what === 'documents') {
      if (method === 'DELETE') this.rows.delete(id ?? '');
      else for (const row of body as Row[]) this.rows.set(row.id, row);
      return this.enqueued(null);
    }
    if (what === 'search') return [200, this.search(body as SearchBody)];
    return [404, { code: 'not_found', message: path }];
  }

  private enqueued(error: object | null): [number, unknown] {
    this.tasks.push({ status: error ? 'failed' : 'succeeded', error });
    return [202, { taskUid: this.tasks.length - 1, status: 'enqueued' }];
  }

  private search({ q, filter, sort, offset, limit }: SearchBody) {
    const { phrases, tags } = wantedOf(q);
    const matcher = new Matcher(phrases);
    const fits = (row: Row) =>
      filter.every((part) => [part].flat().some((expression) => this.holds(row, expression))) &&
      tags.every((tag) => (row.tags as string[]).includes(tag));
    const found = [...this.rows.values()]
      .filter(fits)
      .map((row) => ({ row, score: matcher.match(foldedWords(String(row.text))).score }))
      .filter(({ score }) => phrases.length === 0 || score > 0);
    const newest = (a: Row, b: Row) => Number(b.at) - Number(a.at);
    found.sort((a, b) => (sort ? 0 : b.score - a.score) || newest(a.row, b.row));
    return { hits: found.slice(offset, offset + limit).map(({ row }) => row) };
  }

  /** `field = "value"`, `field >= number`, `field < number`. */
  private holds(row: Row, expression: string): boolean {
    const [, field = '', sign, said = ''] = /^(\w+) (=|>=|<) (.+)$/s.exec(expression) ?? [];
    if (!this.filterable.includes(field)) throw new Error(`not filterable: ${field}`);
    const value = row[field];
    if (sign === '>=') return Number(value) >= Number(said);
    if (sign === '<') return Number(value) < Number(said);
    return [value].flat().includes(JSON.parse(said));
  }
}
