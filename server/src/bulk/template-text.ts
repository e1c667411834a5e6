import type {
  BulkRowReason,
  TemplateVariable,
  TemplateVariant,
  VariableValues,
} from '@patchbay/contract';

/** `{{name}}`, with room around the name. */
const PLACE = /\{\{\s*([A-Za-z_][A-Za-z0-9_]{0,39})\s*\}\}/g;
/** WhatsApp's own limit of a text is 65,536 characters. */
const LONGEST = 65_536;

/** A template as it is filled in: its variables, and its text in every language. */
export interface TemplateText {
  variables: readonly TemplateVariable[];
  variants: readonly TemplateVariant[];
}

/** The text of a template does not fit its variables. */
export class TemplateFault extends Error {}

/** What a template is to be filled with does not do. */
export class ValueFault extends Error {
  constructor(
    readonly reason: Extract<BulkRowReason, 'missing_variable' | 'unknown_variable' | 'too_long'>,
    message: string,
  ) {
    super(message);
  }
}

/** The names of the variables in a text, each once, in their order; throws `TemplateFault`. */
export function variablesIn(text: string): string[] {
  const left = text.replace(PLACE, '');
  const stray = left.indexOf('{{') === -1 ? left.indexOf('}}') : left.indexOf('{{');
  if (stray !== -1) {
    const shown = left.slice(stray, stray + 20);
    throw new TemplateFault(
      `"${shown}" is no variable: write {{name}}, with letters, digits and _`,
    );
  }
  return [...new Set([...text.matchAll(PLACE)].map(([, name]) => name as string))];
}

/**
 * The variables of a template, checked against its texts. Where none are given, all that stand in the
 * texts, each required. @throws TemplateFault
 */
export function checkedText(
  variants: readonly TemplateVariant[],
  given: readonly (Pick<TemplateVariable, 'name'> & Partial<TemplateVariable>)[] | undefined,
): { variables: TemplateVariable[]; variants: TemplateVariant[] } {
  const canonical = variants.map(({ language, body }) => ({
    language: canonicalLanguage(language),
    body,
  }));
  const twice = repeatedIn(canonical.map(({ language }) => language));
  if (twice !== undefined) throw new TemplateFault(`There are two texts in the language ${twice}`);
  const used = new Set<string>();
  for (const { language, body } of canonical) {
    for (const name of variablesIn(body)) {
      if (given && !given.some((known) => known.name === name)) {
        throw new TemplateFault(
          `{{${name}}} in the text for ${language} is not a variable of this template`,
        );
      }
      used.add(name);
    }
  }
  const variables = given ?? [...used].map((name) => ({ name }));
  const again = repeatedIn(variables.map(({ name }) => name));
  if (again !== undefined) throw new TemplateFault(`There are two variables ${again}`);
  return { variables: variables.map(toVariable), variants: canonical };
}

/**
 * The text for somebody, with every variable filled in.
 * @param language what is wished for: else its language without a region, else any region of it, else
 *   the first text
 * @throws ValueFault
 */
export function render(
  { variables, variants }: TemplateText,
  values: VariableValues,
  language?: string,
): { language: string; text: string } {
  const unknown = Object.keys(values).find((name) => !variables.some((one) => one.name === name));
  if (unknown !== undefined) {
    throw new ValueFault('unknown_variable', `There is no variable ${unknown}`);
  }
  const filled = new Map(variables.map((variable) => [variable.name, filledIn(variable, values)]));
  const variant = variantFor(variants, language);
  const text = variant.body.replace(PLACE, (_, name: string) => filled.get(name) ?? '');
  if (text.length > LONGEST) {
    throw new ValueFault('too_long', `The text has ${text.length} characters; ${LONGEST} at most`);
  }
  return { language: variant.language, text };
}

function filledIn(
  { name, required, default: otherwise }: TemplateVariable,
  values: VariableValues,
) {
  const given = String(values[name] ?? '').trim();
  if (given !== '') return given;
  if (otherwise !== null) return otherwise;
  if (required) throw new ValueFault('missing_variable', `The variable ${name} has no value`);
  return '';
}

function variantFor(variants: readonly TemplateVariant[], language: string | undefined) {
  const [first] = variants;
  if (!first) throw new Error('a template without a text');
  if (language === undefined) return first;
  const wished = canonicalLanguage(language);
  const [base] = wished.split('-');
  return (
    variants.find((one) => one.language === wished) ??
    variants.find((one) => one.language === base) ??
    variants.find((one) => one.language.split('-')[0] === base) ??
    first
  );
}

function toVariable({
  name,
  required,
  default: otherwise = null,
}: Pick<TemplateVariable, 'name'> & Partial<TemplateVariable>): TemplateVariable {
  return { name, required: required ?? otherwise === null, default: otherwise };
}

function canonicalLanguage(tag: string): string {
  return Intl.getCanonicalLocales(tag)[0] ?? tag;
}

function repeatedIn(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) !== index);
}
