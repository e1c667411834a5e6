import { randomUUID } from 'node:crypto';
import type {
  ChangeTemplate,
  CreateTemplate,
  MediaContent,
  Template,
  TemplateMedia,
  TemplateVariable,
  TemplateVariant,
  VariableValues,
} from '@patchbay/contract';
import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../db/database.js';
import type { Schema } from '../db/schema.js';
import type { WriteStep } from '../db/write-unit.js';
import { ApiError } from '../http/api-error.js';
import type { TemplateText } from './template-text.js';
import { checkedText, render, TemplateFault, ValueFault } from './template-text.js';

export type TemplateRow = Selectable<Schema['templates']>;

/** The file of a template, which is in the library. */
export interface KeptMedia {
  content: MediaContent;
  thumbnail: Uint8Array | undefined;
}

/** Of each user. */
const MOST = 500;

/** The templates of all users; each sees their own. */
export class TemplateStore {
  constructor(private readonly database: Database) {}

  /** @throws ApiError `template_not_found` */
  async find(ownerId: string, id: string): Promise<TemplateRow> {
    const row = await this.database.kysely
      .selectFrom('templates')
      .selectAll()
      .where('id', '=', id)
      .where('owner_id', '=', ownerId)
      .executeTakeFirst();
    if (!row) throw new ApiError('template_not_found', `There is no template "${id}"`);
    return row;
  }

  /** By name, after a place in the list. */
  async list(
    ownerId: string,
    limit: number,
    after?: readonly [name: string, id: string],
  ): Promise<TemplateRow[]> {
    return await this.database.kysely
      .selectFrom('templates')
      .selectAll()
      .where('owner_id', '=', ownerId)
      .$if(after !== undefined, (all) =>
        all.where(sql<boolean>`(name, id) > (${after?.[0]}, ${after?.[1]})`),
      )
      .orderBy('name')
      .orderBy('id')
      .limit(limit)
      .execute();
  }

  /** @throws ApiError `template_invalid`, `name_taken`, `too_many` */
  async create(
    ownerId: string,
    { name, variants, variables }: CreateTemplate,
    also: (id: string) => WriteStep[],
  ): Promise<TemplateRow> {
    const text = checked(variants, variables);
    const { kysely } = this.database;
    const { count } = await kysely
      .selectFrom('templates')
      .select((e) => e.fn.countAll<number>().as('count'))
      .where('owner_id', '=', ownerId)
      .executeTakeFirstOrThrow();
    if (Number(count) >= MOST) throw new ApiError('too_many', `You have ${MOST} templates already`);
    const now = Date.now();
    const row: TemplateRow = {
      id: randomUUID(),
      owner_id: ownerId,
      name,
      ...columnsOf(text),
      ...{ media: null, media_hash: null, media_thumbnail: null },
      ...{ created_at: now, updated_at: now },
    };
    const query = kysely
      .insertInto('templates')
      .values(row)
      .onConflict((c) => c.doNothing());
    const steps: WriteStep[] = [{ query, whenUnchanged: 'stop' }, ...also(row.id)];
    if (!(await this.database.write(steps)).applied) throw taken(name);
    return row;
  }

  /** @throws ApiError `template_invalid`, `name_taken` */
  async change(row: TemplateRow, body: ChangeTemplate, also: WriteStep[]): Promise<TemplateRow> {
    const { name = row.name, variants, variables } = body;
    const before = textOf(row);
    const text = checked(variants ?? before.variants, variables ?? before.variables);
    const changes = { name, ...columnsOf(text), updated_at: Date.now() };
    const query = this.database.kysely
      .updateTable('templates')
      .set(changes)
      .where('id', '=', row.id)
      .where((e) =>
        e.not(
          e.exists(
            e
              .selectFrom('templates as other')
              .select('other.id')
              .where('other.owner_id', '=', row.owner_id)
              .where('other.name', '=', name)
              .where('other.id', '!=', row.id),
          ),
        ),
      );
    const { applied } = await this.database.write([{ query, whenUnchanged: 'stop' }, ...also]);
    if (!applied) throw taken(name);
    return { ...row, ...changes };
  }

  /** Sets the file, or takes it away. */
  async setMedia(row: TemplateRow, media: KeptMedia | null, also: WriteStep[]) {
    const changes = {
      media: media ? JSON.stringify(media.content) : null,
      media_hash: media?.content.sha256 ?? null,
      media_thumbnail: media?.thumbnail ?? null,
      updated_at: Date.now(),
    };
    const query = this.database.kysely
      .updateTable('templates')
      .set(changes)
      .where('id', '=', row.id);
    await this.database.write([{ query, whenUnchanged: 'stop' }, ...also]);
    return { ...row, ...changes };
  }

  async delete({ id }: TemplateRow, also: WriteStep[]): Promise<void> {
    const query = this.database.kysely.deleteFrom('templates').where('id', '=', id);
    await this.database.write([{ query, whenUnchanged: 'stop' }, ...also]);
  }
}

export function textOf(row: Pick<TemplateRow, 'variables' | 'variants'>): TemplateText {
  return {
    variables: JSON.parse(row.variables) as TemplateVariable[],
    variants: JSON.parse(row.variants) as TemplateVariant[],
  };
}

/**
 * The text of a template with its variables filled in, and the language of it.
 * @throws ApiError `template_invalid`
 */
export function filledIn(
  row: TemplateRow,
  values: VariableValues = {},
  language?: string,
): { language: string; text: string } {
  try {
    return render(textOf(row), values, language);
  } catch (error) {
    if (error instanceof ValueFault) throw new ApiError('template_invalid', error.message);
    throw error;
  }
}

export function toTemplate(row: TemplateRow): Template {
  const { variables, variants } = textOf(row);
  return {
    id: row.id,
    name: row.name,
    variables: [...variables],
    variants: [...variants],
    media: mediaView(row),
    createdAt: new Date(row.created_at).toISOString(),
    updatedAt: new Date(row.updated_at).toISOString(),
  };
}

export function mediaView({ media }: Pick<TemplateRow, 'media'>): TemplateMedia | null {
  if (media === null) return null;
  const { type, mimetype, filename, size } = JSON.parse(media) as MediaContent;
  return {
    ...{ type, mimetype: mimetype ?? 'application/octet-stream' },
    ...{ filename: filename ?? null, size: size ?? 0 },
  };
}

function columnsOf({ variables, variants }: TemplateText) {
  return { variables: JSON.stringify(variables), variants: JSON.stringify(variants) };
}

function checked(
  variants: Parameters<typeof checkedText>[0],
  variables: Parameters<typeof checkedText>[1],
): TemplateText {
  try {
    return checkedText(variants, variables);
  } catch (error) {
    if (error instanceof TemplateFault) throw new ApiError('template_invalid', error.message);
    throw error;
  }
}

const taken = (name: string) => new ApiError('name_taken', `You have a template "${name}" already`);
