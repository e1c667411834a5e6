import { z } from 'zod';
import { sendTiming } from './message.js';
import { MessageId } from './message-content.js';

/** Text of one line; PostgreSQL stores no NUL. */
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

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

/** A language as BCP 47 writes it. */
export const Language = z
  .string()
  .min(2)
  .max(35)
  .refine(isLanguage, 'a language like en, pt-BR or ar')
  .describe('BCP 47: en, pt-BR, ar');

export const VariableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,39}$/, 'letters, digits and _, at most 40');

export const TemplateVariable = z
  .object({
    name: VariableName,
    required: z.boolean().describe('Without a value and a default nothing is sent'),
    default: text(1024).nullable().describe('Stands where no value is given'),
  })
  .strict()
  .meta({ id: 'TemplateVariable' });
export type TemplateVariable = z.infer<typeof TemplateVariable>;

export const TemplateVariant = z
  .object({
    language: Language,
    body: text(4096)
      .min(1)
      .describe('The text, or the caption of the file, with {{variables}} in it'),
  })
  .strict()
  .meta({ id: 'TemplateVariant' });
export type TemplateVariant = z.infer<typeof TemplateVariant>;

/** The file that is sent with a template. */
export const TemplateMedia = z
  .object({
    type: z.enum(['image', 'video', 'audio', 'document', 'sticker']),
    mimetype: z.string(),
    filename: z.string().nullable(),
    size: z.number().int().describe('Bytes'),
  })
  .meta({ id: 'TemplateMedia' });
export type TemplateMedia = z.infer<typeof TemplateMedia>;

export const Template = z
  .object({
    id: z.uuid(),
    name: z.string(),
    variables: z.array(TemplateVariable),
    variants: z.array(TemplateVariant).describe('The first one stands in for other languages'),
    media: TemplateMedia.nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Template' });
export type Template = z.infer<typeof Template>;

/** Templates by name; `after` continues, null at the end. */
export const TemplatePage = z
  .object({ templates: z.array(Template), after: z.string().nullable() })
  .meta({ id: 'TemplatePage' });
export type TemplatePage = z.infer<typeof TemplatePage>;

const variables = z
  .array(
    TemplateVariable.partial({ required: true, default: true }).meta({ id: 'NewTemplateVariable' }),
  )
  .max(50)
  .describe('Absent: what stands in the texts, all of it required');
const variants = z.array(TemplateVariant).min(1).max(50);

export const CreateTemplate = z
  .object({ name: line().min(1).max(100), variants, variables: variables.optional() })
  .strict()
  .meta({ id: 'CreateTemplate' });
export type CreateTemplate = z.infer<typeof CreateTemplate>;

/** Fields that are absent stay as they are. */
export const ChangeTemplate = z
  .object({
    name: line().min(1).max(100).optional(),
    variants: variants.optional(),
    variables: variables.optional(),
  })
  .strict()
  .meta({ id: 'ChangeTemplate' });
export type ChangeTemplate = z.infer<typeof ChangeTemplate>;

/** Values of variables, by their names. */
export const VariableValues = z
  .record(z.string().max(100), z.union([text(1024), z.number()]))
  .describe('By the name of the variable');
export type VariableValues = z.infer<typeof VariableValues>;

export const PreviewTemplate = z
  .object({
    language: Language.optional().describe('Absent: the first one'),
    values: VariableValues.optional(),
  })
  .strict()
  .meta({ id: 'PreviewTemplate' });
export type PreviewTemplate = z.infer<typeof PreviewTemplate>;

export const TemplatePreview = z
  .object({
    language: z.string().describe('Of the text that was taken'),
    text: z.string(),
    media: TemplateMedia.nullable(),
  })
  .meta({ id: 'TemplatePreview' });
export type TemplatePreview = z.infer<typeof TemplatePreview>;

/** Body of `POST /api/sessions/:id/send-template`. */
export const SendTemplate = z
  .object({
    chatId: z.string().min(1).max(128),
    templateId: z.uuid(),
    language: Language.optional().describe('Absent: the first one'),
    values: VariableValues.optional(),
    quotedMessageId: MessageId.optional(),
    ...sendTiming,
  })
  .strict()
  .meta({ id: 'SendTemplate' });
export type SendTemplate = z.infer<typeof SendTemplate>;

export const TemplateMediaFields = z
  .object({
    type: TemplateMedia.shape.type.optional().describe('Absent: by the type of the file'),
    filename: line().min(1).max(255).optional(),
  })
  .strict();
