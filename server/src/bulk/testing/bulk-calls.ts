import type { BulkCheck, BulkRowPage, BulkSend, BulkState } from '@patchbay/contract';
import { plant } from '../../testing/captured-logs.js';
import { eventually } from '../../testing/eventually.js';
import type { Answer, TestApi } from '../../testing/test-api.js';
import { API_KEY } from '../../testing/test-api.js';
import type { TestSandbox } from '../../testing/test-sandbox.js';

/** What the tests do with bulk sends over HTTP. */
export class BulkCalls {
  constructor(private readonly server: () => TestApi) {}

  /** Answers the bulk send, or throws what was answered instead. */
  async make(sessionId: string, body: object): Promise<BulkSend> {
    const path = `/api/sessions/${sessionId}/bulk-sends`;
    const { status, body: said } = await this.server().call<BulkSend>('POST', path, body);
    if (status !== 201) throw new Error(`bulk send: ${status} ${JSON.stringify(said)}`);
    return said;
  }

  async ofFile<Body = BulkSend>(
    path: string,
    csv: string | Uint8Array<ArrayBuffer>,
    fields: Record<string, string>,
  ): Promise<Answer<Body>> {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append('file', new File([csv], 'rows.csv', { type: 'text/csv' }));
    const answer = await fetch(`${this.server().url}${path}`, {
      method: 'POST',
      headers: { 'x-api-key': API_KEY },
      body: form,
    });
    const body = (await answer.json()) as Body;
    return { status: answer.status, body, headers: answer.headers };
  }

  async checkFile(sessionId: string, csv: string, fields: Record<string, string>) {
    const path = `/api/sessions/${sessionId}/bulk-sends/csv/check`;
    return (await this.ofFile<BulkCheck>(path, csv, fields)).body;
  }

  async get(id: string): Promise<BulkSend> {
    return (await this.server().call<BulkSend>('GET', `/api/bulk-sends/${id}`)).body;
  }

  async rows(id: string, query = 'limit=200'): Promise<BulkRowPage['rows']> {
    const path = `/api/bulk-sends/${id}/rows?${query}`;
    return (await this.server().call<BulkRowPage>('GET', path)).body.rows;
  }

  async to(id: string, what: 'pause' | 'resume' | 'cancel'): Promise<Answer<BulkSend>> {
    return await this.server().call<BulkSend>('POST', `/api/bulk-sends/${id}/${what}`);
  }

  /** Resolves when it has this state, or fits otherwise. */
  async reaches(
    id: string,
    fits: BulkState | ((bulk: BulkSend) => boolean),
    within?: number,
  ): Promise<BulkSend> {
    let seen: BulkSend | undefined;
    return await eventually(
      `bulk send is ${fits}`,
      async () => {
        seen = await this.get(id).catch(() => seen);
        if (!seen) return undefined;
        return (typeof fits === 'string' ? seen.state === fits : fits(seen)) ? seen : undefined;
      },
      within,
    ).catch((error: Error) => {
      throw new Error(
        `${error.message} (last seen: ${seen?.state} ${JSON.stringify(seen?.counts)})`,
      );
    });
  }
}

/** So many phones, and what each got from one number. */
export class Recipients {
  private constructor(
    private readonly sandbox: TestSandbox,
    readonly phones: string[],
  ) {}

  static async make(sandbox: TestSandbox, count: number): Promise<Recipients> {
    const phones: string[] = [];
    for (let n = 0; n < count; n += 1) phones.push(await sandbox.phone(`Recipient ${n}`));
    for (const phone of phones) plant(phone);
    return new Recipients(sandbox, phones);
  }

  async got(from: string, fits: (text: string) => boolean = () => true): Promise<string[][]> {
    return await Promise.all(
      this.phones.map(async (phone) =>
        (await this.sandbox.messagesOf(phone))
          .filter((message) => message.from === from && fits(message.text))
          .map(({ text }) => text),
      ),
    );
  }
}
