import { randomUUID } from 'node:crypto';
import type {
  BulkCheck,
  BulkEstimate,
  BulkRow,
  CheckBulkFileFields,
  CheckBulkSend,
} from '@patchbay/contract';
import { MOST_BULK_ROWS } from '@patchbay/contract';
import type { Principal, SessionScope } from '../auth/principal.js';
import { ApiError } from '../http/api-error.js';
import type { CountryCode, NumberPlan } from '../whatsapp/phone-number.js';
import { isSupportedCountry } from '../whatsapp/phone-number.js';
import type { BulkLimits } from './bulk-limits.js';
import type { BulkSendRow } from './bulk-store.js';
import type { Mapping } from './csv-columns.js';
import { mappingOf, rowReader } from './csv-columns.js';
import { readCsv } from './csv-file.js';
import type { PreparedRow } from './given-rows.js';
import { RowPreparation } from './given-rows.js';
import type { TemplateRow, TemplateStore } from './template-store.js';
import { textOf } from './template-store.js';
import type { TemplateText } from './template-text.js';
import { checkedText, TemplateFault } from './template-text.js';

/** Rows that a check shows. */
const SHOWN = 20;
const MAX_AHEAD = 366 * 24 * 60 * 60 * 1000;

/** Of whom, by whom. */
export interface Asking {
  caller: Pick<Principal, 'userId'>;
  session: SessionScope;
}

/** What a bulk send says, once it is known to fit together. */
interface Said {
  text: TemplateText;
  template: TemplateRow | undefined;
  language: string | undefined;
  plan: NumberPlan;
  sendAt: number | undefined;
  spread: boolean;
}

/** A bulk send before it is stored. */
export interface Draft {
  said: Said;
  rows: PreparedRow[];
  /** Of a file. */
  columns: readonly string[] | undefined;
  mapping: Mapping | undefined;
}

type Words = Pick<
  CheckBulkSend,
  'templateId' | 'text' | 'language' | 'defaultCountry' | 'sendAt' | 'spreadOverDays'
>;

/** Makes bulk sends of rows and files, and says what would become of them. */
export class BulkMaking {
  constructor(
    private readonly templates: TemplateStore,
    private readonly limits: BulkLimits,
    /** How phone numbers are understood, where a bulk send does not say it. */
    private readonly numbers: NumberPlan,
  ) {}

  /** @throws ApiError `template_not_found`, `template_invalid`, `invalid_request` */
  async ofRows(asking: Asking, body: CheckBulkSend): Promise<Draft> {
    const said = await this.said(asking, body);
    const preparation = new RowPreparation(said.text, said.plan, said.language);
    const rows = body.rows.map(({ phone, values = {}, language }, index) =>
      preparation.prepare({ line: index + 1, phone, values, language }),
    );
    return { said, rows, columns: undefined, mapping: undefined };
  }

  /**
   * @param path of a CSV file
   * @throws ApiError as `ofRows`, and `file_unreadable`
   */
  async ofFile(asking: Asking, path: string, fields: CheckBulkFileFields): Promise<Draft> {
    const spreadOverDays = fields.spreadOverDays === 'true';
    const { columns, records } = await readCsv(path);
    try {
      const said = await this.said(asking, { ...fields, spreadOverDays });
      const mapping = mappingOf(columns, said.text.variables, fields);
      const preparation = new RowPreparation(said.text, said.plan, said.language);
      const read = rowReader(columns, mapping);
      const rows: PreparedRow[] = [];
      for await (const record of records) {
        if (rows.length === MOST_BULK_ROWS) throw tooLong();
        rows.push(preparation.prepare(read(record)));
      }
      return { said, rows, columns, mapping };
    } finally {
      await records.return();
    }
  }

  /** What would become of it. */
  async check({ session }: Asking, { said, rows, columns, mapping }: Draft): Promise<BulkCheck> {
    const valid = rows.filter(({ state }) => state === 'pending');
    const duplicate = rows.filter(({ state }) => state === 'duplicate').length;
    const view = (some: PreparedRow[]) => some.slice(0, SHOWN).map(toRow);
    const names = said.text.variables.map(({ name }) => [name, null]);
    return {
      columns: columns ? [...columns] : null,
      phoneColumn: mapping?.phoneColumn ?? null,
      languageColumn: mapping?.languageColumn ?? null,
      mapping: mapping?.mapping ?? Object.fromEntries(names),
      total: rows.length,
      valid: valid.length,
      invalid: rows.length - valid.length - duplicate,
      duplicate,
      problems: view(rows.filter(({ state }) => state !== 'pending')),
      preview: view(valid),
      estimate: valid.length === 0 ? null : await this.estimate(session.id, said, valid),
    };
  }

  /**
   * The bulk send as it is stored.
   * @param jid the number in whose name it is sent
   * @throws ApiError `invalid_request` when no row can be sent, `file_unreadable` when the file has no
   *   column of phone numbers, `bulk_over_limit`
   */
  async finished(
    { session }: Asking,
    { name, jid }: { name: string; jid: string | null },
    { said, rows, columns, mapping }: Draft,
  ): Promise<BulkSendRow> {
    if (columns && mapping?.phoneColumn === null) {
      throw new ApiError(
        'file_unreadable',
        `No column is called like one of phone numbers: name it as phoneColumn; there are ${columns.join(', ')}`,
      );
    }
    const valid = rows.filter(({ state }) => state === 'pending');
    if (valid.length === 0) {
      const [first] = rows;
      const because = first ? `; line ${first.line}: ${first.error}` : '';
      throw new ApiError('invalid_request', `None of ${rows.length} rows can be sent${because}`);
    }
    const { refusal } = await this.estimate(session.id, said, valid);
    if (refusal !== null) throw new ApiError('bulk_over_limit', refusal);
    const { template, sendAt } = said;
    const now = Date.now();
    const isLater = sendAt !== undefined && sendAt > now;
    return {
      id: randomUUID(),
      owner_id: session.ownerId,
      session_id: session.id,
      jid,
      name,
      state: isLater ? 'scheduled' : 'running',
      paused_because: null,
      template_id: template?.id ?? null,
      template_name: template?.name ?? null,
      text: bodyOf(said),
      media: template?.media ?? null,
      media_hash: template?.media_hash ?? null,
      media_thumbnail: template?.media_thumbnail ?? null,
      total: rows.length,
      spread: said.spread ? 1 : 0,
      send_at: isLater ? sendAt : null,
      created_at: now,
      started_at: isLater ? null : now,
      finished_at: null,
    };
  }

  private async estimate(
    sessionId: string,
    { sendAt, spread }: Said,
    valid: readonly PreparedRow[],
  ): Promise<BulkEstimate> {
    const phones = valid.map(({ phone }) => phone);
    return await this.limits.estimate(sessionId, { phones, sendAt, spread });
  }

  private async said({ caller }: Asking, words: Words): Promise<Said> {
    const { templateId, text, language, defaultCountry, sendAt, spreadOverDays = false } = words;
    if ((templateId === undefined) === (text === undefined)) {
      throw new ApiError('invalid_request', 'Give either templateId or text');
    }
    const template =
      templateId === undefined ? undefined : await this.templates.find(caller.userId, templateId);
    const at = sendAt === undefined ? undefined : Date.parse(sendAt);
    if (at !== undefined && at > Date.now() + MAX_AHEAD) {
      throw new ApiError('invalid_request', 'sendAt: at most a year ahead');
    }
    return {
      text: template ? textOf(template) : plainText(text ?? ''),
      template,
      language,
      plan: {
        ...this.numbers,
        ...(defaultCountry && { defaultCountry: countryOf(defaultCountry) }),
      },
      sendAt: at,
      spread: spreadOverDays,
    };
  }
}

function tooLong(): ApiError {
  return new ApiError(
    'file_unreadable',
    `The file has more than ${MOST_BULK_ROWS} rows: make several bulk sends of it`,
  );
}

function plainText(body: string): TemplateText {
  try {
    return checkedText([{ language: 'en', body }], undefined);
  } catch (error) {
    if (error instanceof TemplateFault) throw new ApiError('template_invalid', error.message);
    throw error;
  }
}

function countryOf(code: string): CountryCode {
  if (isSupportedCountry(code)) return code;
  throw new ApiError('invalid_request', `defaultCountry: "${code}" is no country, like BR or IN`);
}

/** What is shown of a template in several languages is the text that was asked for, else the first. */
function bodyOf({ text, language }: Said): string {
  const [first] = text.variants;
  return (text.variants.find((one) => one.language === language) ?? first)?.body ?? '';
}

function toRow(row: PreparedRow): BulkRow {
  return { ...row, messageId: null, changedAt: null };
}
