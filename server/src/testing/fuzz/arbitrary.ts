import fc from 'fast-check';
import type { ApiDocument, JsonSchema } from './api-document.js';

const LONGEST_TEXT = 60;
const MOST_ITEMS = 4;
const DEEPEST = 6;

/** Values that are known to exist or to be interesting, by the name of the field they are for. */
export type Hints = (name: string) => readonly unknown[] | undefined;

/** Texts that programs trip over. */
const odd = fc.constantFrom(
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\u202e',
  "';--",
  '%',
  '{}',
  '\r\n',
  '__proto__',
);

/** A picture of one pixel, or bytes that are no file of any kind. */
const file = fc.oneof(
  fc.constant(
    Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    ),
  ),
  fc.uint8Array({ maxLength: 500 }),
);

/** Any JSON value, of any shape. */
export const junk: fc.Arbitrary<unknown> = fc.oneof(
  odd,
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ minLength: 200, maxLength: 3000 }),
  fc.constantFrom(null, -1, 2 ** 53, 1e308, '', [], {}, [[[]]], true),
);

/** Values that fit a schema of the document. */
export class Arbitraries {
  constructor(
    private readonly document: ApiDocument,
    private readonly hints: Hints,
    /** Where something is known for a field, nothing else is taken. */
    private readonly options: { onlyHints?: boolean } = {},
  ) {}

  /** @param name of the field that the value is for */
  of(schema: JsonSchema, name = '', depth = 0): fc.Arbitrary<unknown> {
    // Of a list it is the items that are known.
    const known = schema.type === 'array' ? undefined : this.hints(name);
    if (known?.length && this.options.onlyHints) return fc.constantFrom(...known);
    const plain = this.plain(schema, name, depth);
    const hinted = known?.length
      ? fc.oneof(
          { weight: 5, arbitrary: fc.constantFrom(...known) },
          { weight: 1, arbitrary: plain },
        )
      : plain;
    return schema.nullable ? fc.option(hinted, { nil: null, freq: 5 }) : hinted;
  }

  private plain(schema: JsonSchema, name: string, depth: number): fc.Arbitrary<unknown> {
    if (schema.$ref) return this.of(this.resolve(schema.$ref), name, depth + 1);
    if (schema.enum) return fc.constantFrom(...schema.enum);
    const choices = schema.oneOf ?? schema.anyOf;
    if (choices) return fc.oneof(...choices.map((choice) => this.of(choice, name, depth + 1)));
    if (schema.allOf) {
      const parts = schema.allOf.map((part) => this.of(part, name, depth + 1));
      return fc.tuple(...parts).map((values) => {
        const [first] = values;
        return typeof first === 'object' ? Object.assign({}, ...values) : first;
      });
    }
    switch (schema.type) {
      case 'object':
        return this.object(schema, depth);
      case 'array':
        return fc.array(this.of(schema.items ?? {}, name, depth + 1), {
          minLength: schema.minItems ?? 0,
          maxLength: Math.max(schema.minItems ?? 0, Math.min(schema.maxItems ?? 9, MOST_ITEMS)),
        });
      case 'integer':
        return fc.integer({
          min: Math.max(schema.minimum ?? -1000, -(2 ** 31)),
          max: Math.min(schema.maximum ?? 1000, 2 ** 31 - 1),
        });
      case 'number':
        return fc.double({
          min: schema.minimum ?? -1e6,
          max: schema.maximum ?? 1e6,
          noNaN: true,
        });
      case 'boolean':
        return fc.boolean();
      case 'string':
        return schema.format === 'binary' ? file : text(schema);
      default:
        return junk;
    }
  }

  private object(schema: JsonSchema, depth: number): fc.Arbitrary<unknown> {
    const required = schema.required ?? [];
    const entries = Object.entries(schema.properties ?? {}).filter(
      ([name]) => depth < DEEPEST || required.includes(name),
    );
    const fields = Object.fromEntries(
      entries.map(([name, field]) => [name, this.of(field, name, depth + 1)]),
    );
    const { additionalProperties } = schema;
    if (entries.length === 0 && typeof additionalProperties === 'object') {
      return fc.dictionary(
        fc.string({ minLength: 1, maxLength: 20 }),
        this.of(additionalProperties),
        {
          maxKeys: 3,
          noNullPrototype: true,
        },
      );
    }
    return fc.record(fields, { requiredKeys: required, noNullPrototype: true });
  }

  private resolve(reference: string): JsonSchema {
    const name = reference.split('/').at(-1) as string;
    const schema = this.document.components.schemas[name];
    if (!schema) throw new Error(`the document has no schema ${name}`);
    return schema;
  }
}

const texts = new Map<string, fc.Arbitrary<string>>();

/** Of a kind once: to make one takes fast-check half a second, as it turns all of Unicode round. */
function text({ minLength, maxLength, format, pattern }: JsonSchema): fc.Arbitrary<string> {
  const kind = JSON.stringify([minLength, maxLength, format, pattern]);
  const known = texts.get(kind) ?? newText({ minLength, maxLength, format, pattern });
  texts.set(kind, known);
  return known;
}

function newText(schema: Pick<JsonSchema, 'minLength' | 'maxLength' | 'format' | 'pattern'>) {
  const { minLength = 0, maxLength = LONGEST_TEXT, format, pattern } = schema;
  if (format === 'date-time') {
    const around = {
      min: new Date('2000-01-01'),
      max: new Date('2100-01-01'),
      noInvalidDate: true,
    };
    return fc.date(around).map((date) => date.toISOString());
  }
  if (format === 'uri') return fc.webUrl().map((url) => url.slice(0, maxLength));
  if (format === 'base64') return fc.base64String({ maxLength: Math.min(maxLength, 400) });
  const longest = Math.max(minLength, Math.min(maxLength, LONGEST_TEXT));
  const any = fc.string({ minLength, maxLength: longest, unit: 'grapheme' });
  if (pattern) {
    const expression = new RegExp(pattern, 'u');
    const fits = (value: string) =>
      value.length >= minLength && value.length <= maxLength && expression.test(value);
    const found = [matching(expression), any].find((one) => one && isOften(one, fits));
    if (found) return found.filter(fits);
  }
  if (minLength > 1) return any;
  return fc.oneof({ weight: 8, arbitrary: any }, { weight: 1, arbitrary: odd });
}

/** Undefined for a pattern with parts that cannot be generated from (lookarounds, properties). */
function matching(expression: RegExp): fc.Arbitrary<string> | undefined {
  try {
    return fc.stringMatching(expression);
  } catch {
    return undefined;
  }
}

/** Whether a filter of these values finds something soon. */
function isOften(values: fc.Arbitrary<string>, fits: (value: string) => boolean): boolean {
  return fc.sample(values, { numRuns: 50, seed: 1 }).filter(fits).length > 10;
}
