import { z } from 'zod';
import { Language, VariableValues } from './templates.js';

const line = () =>
  z
    .string()
    .trim()
    .regex(/^[^\p{Cc}]*$/u, 'must not hold control characters');
const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => !value.includes('\0'), 'must not hold NUL');

/** Rows of one bulk send. */
export const MOST_BULK_ROWS = 20_000;

/**
 * `scheduled`: begins at its time; `running`: rows go out at the pace of the session; `paused`; `done`:
 * every row has left or failed; `cancelled`.
 */
export const BulkState = z
  .enum(['scheduled', 'running', 'paused', 'done', 'cancelled'])
  .meta({ id: 'BulkState' });
export type BulkState = z.infer<typeof BulkState>;

/** What paused a bulk send by itself: another number was linked to the session. */
export const BulkPause = z.enum(['number_changed']).meta({ id: 'BulkPause' });
export type BulkPause = z.infer<typeof BulkPause>;

/**
 * Of a row. `invalid` and `duplicate` rows are never sent; `pending` waits for its turn; `queued` is in
 * the outbox; then as WhatsApp acknowledges it.
 */
export const BulkRowState = z
  .enum([
    'pending',
    'queued',
    'sent',
    'delivered',
    'read',
    'failed',
    'cancelled',
    'invalid',
    'duplicate',
  ])
  .meta({ id: 'BulkRowState' });
export type BulkRowState = z.infer<typeof BulkRowState>;

/** Why a row is not sent. */
export const BulkRowReason = z
  .enum([
    'no_phone',
    'invalid_phone',
    'missing_variable',
    'unknown_variable',
    'too_long',
    'repeated',
  ])
  .meta({ id: 'BulkRowReason' });
export type BulkRowReason = z.infer<typeof BulkRowReason>;

export const BulkCounts = z
  .object({
    pending: z.number().int(),
    queued: z.number().int(),
    sent: z.number().int(),
    delivered: z.number().int(),
    read: z.number().int(),
    failed: z.number().int(),
    cancelled: z.number().int(),
    invalid: z.number().int(),
    duplicate: z.number().int(),
  })
  .describe('Rows by their state')
  .meta({ id: 'BulkCounts' });
export type BulkCounts = z.infer<typeof BulkCounts>;

export const BulkSend = z
  .object({
    id: z.uuid(),
    sessionId: z.string(),
    name: z.string(),
    state: BulkState,
    pausedBecause: BulkPause.nullable().describe('Null: it is not paused, or by somebody'),
    templateId: z.uuid().nullable(),
    templateName: z.string().nullable().describe('As it was called when the send was made'),
    text: z.string().describe('What is sent, with {{variables}}'),
    hasMedia: z.boolean(),
    total: z.number().int().describe('Rows, also those that are not sent'),
    counts: BulkCounts,
    spreadOverDays: z.boolean(),
    sendAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
    endsAt: z.iso
      .datetime()
      .nullable()
      .describe('When the last row is expected to leave; null in lists, and where nothing is left'),
  })
  .meta({ id: 'BulkSend' });
export type BulkSend = z.infer<typeof BulkSend>;

/** Bulk sends, newest first; `after` continues towards older ones, null at the end. */
export const BulkSendPage = z
  .object({ bulkSends: z.array(BulkSend), after: z.string().nullable() })
  .meta({ id: 'BulkSendPage' });
export type BulkSendPage = z.infer<typeof BulkSendPage>;

export const BulkRow = z
  .object({
    number: z.number().int().describe('From 1, in the order of sending'),
    line: z.number().int().describe('Of the file, from 1; of JSON, the place in `rows`, from 1'),
    phone: z.string().describe('Digits; of an invalid row as it was given'),
    text: z.string().nullable().describe('What is sent to this number'),
    state: BulkRowState,
    reason: BulkRowReason.nullable(),
    error: z.string().nullable(),
    messageId: z.string().nullable(),
    changedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'BulkRow' });
export type BulkRow = z.infer<typeof BulkRow>;

/** Rows in the order of sending; `after` continues, null at the end. */
export const BulkRowPage = z
  .object({ rows: z.array(BulkRow), after: z.string().nullable() })
  .meta({ id: 'BulkRowPage' });
export type BulkRowPage = z.infer<typeof BulkRowPage>;

const said = {
  templateId: z.uuid().optional().describe('Either this or `text`'),
  text: text(4096)
    .min(1)
    .optional()
    .describe('Either this or `templateId`; may have {{variables}}, all of them required'),
  language: Language.optional().describe('Of the template, where a row does not say its own'),
  defaultCountry: z
    .string()
    .regex(/^[A-Z]{2}$/, 'two capital letters, like BR')
    .optional()
    .describe('Of numbers without a country code (ISO 3166-1: BR, DE, IN)'),
};
const name = line().min(1).max(100);
const sendAt = z.iso
  .datetime({ offset: true })
  .optional()
  .describe('Begins then; absent: at once. At most a year ahead');

const givenRow = z
  .object({
    phone: text(64),
    values: VariableValues.optional(),
    language: Language.optional(),
  })
  .strict()
  .meta({ id: 'NewBulkRow' });

const rows = z.array(givenRow).min(1).max(MOST_BULK_ROWS);
const spreadOverDays = z
  .boolean()
  .optional()
  .describe(
    'Whether it may take several days when there are more rows than the daily limit allows',
  );

/** A bulk send from rows. */
export const CreateBulkSend = z
  .object({ name, ...said, sendAt, spreadOverDays, rows })
  .strict()
  .meta({ id: 'CreateBulkSend' });
export type CreateBulkSend = z.infer<typeof CreateBulkSend>;

/** The same, to be looked at first. */
export const CheckBulkSend = CreateBulkSend.partial({ name: true }).meta({ id: 'CheckBulkSend' });
export type CheckBulkSend = z.infer<typeof CheckBulkSend>;

/** The fields of a form with a CSV file, which are all text. */
export const BulkFileFields = z
  .object({
    name,
    ...said,
    sendAt,
    spreadOverDays: z
      .enum(['true', 'false'])
      .optional()
      .describe(spreadOverDays.description ?? ''),
    phoneColumn: text(200)
      .min(1)
      .optional()
      .describe(
        'Which column has the numbers; absent: one that is called phone, number, mobile ...',
      ),
    languageColumn: text(200)
      .min(1)
      .optional()
      .describe('Which column has the language, if one has'),
    columns: text(20_000)
      .optional()
      .describe(
        'JSON: the column of each variable, as {"name": "First name"}; absent: columns are called like variables',
      ),
  })
  .strict();
export type BulkFileFields = z.infer<typeof BulkFileFields>;

export const CheckBulkFileFields = BulkFileFields.partial({ name: true });
export type CheckBulkFileFields = z.infer<typeof CheckBulkFileFields>;

/** What the limits of the session make of a bulk send. */
export const BulkEstimate = z
  .object({
    messages: z.number().int().describe('That would be sent'),
    newChats: z.number().int().describe('To persons with whom nothing was written yet'),
    beginsAt: z.iso.datetime(),
    endsAt: z.iso.datetime().describe('If nothing else is sent'),
    days: z.number().int().describe('Calendar days of the session on which something leaves'),
    perMinute: z.number().int().nullable(),
    perDay: z.number().int().nullable(),
    newChatsPerDay: z.number().int().nullable(),
    leftOnFirstDay: z.number().int().nullable().describe('Of the daily limit; null: there is none'),
    refusal: z
      .string()
      .nullable()
      .describe('Why it would be refused: it is over a limit and may not spread over days'),
  })
  .meta({ id: 'BulkEstimate' });
export type BulkEstimate = z.infer<typeof BulkEstimate>;

/** What would be sent, and what would not; nothing was stored. */
export const BulkCheck = z
  .object({
    columns: z.array(z.string()).nullable().describe('Of the file, in its order; null: no file'),
    phoneColumn: z.string().nullable(),
    languageColumn: z.string().nullable(),
    mapping: z
      .record(z.string(), z.string().nullable())
      .describe('The column of each variable; null: none was found'),
    total: z.number().int(),
    valid: z.number().int(),
    invalid: z.number().int(),
    duplicate: z.number().int(),
    problems: z.array(BulkRow).describe('The first rows that would not be sent'),
    preview: z.array(BulkRow).describe('The first rows that would be'),
    estimate: BulkEstimate.nullable().describe('Null: there is nothing to send'),
  })
  .meta({ id: 'BulkCheck' });
export type BulkCheck = z.infer<typeof BulkCheck>;
