import { Ajv } from 'ajv';
import type { ApiDocument, JsonSchema } from './api-document.js';

const validators = new WeakMap<ApiDocument, Ajv>();

/** What in the value is not as the schema says, or undefined. */
export function differences(
  document: ApiDocument,
  schema: JsonSchema,
  value: unknown,
): string | undefined {
  let ajv = validators.get(document);
  if (!ajv) {
    ajv = new Ajv({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'api', components: toJsonSchema(document.components) as object });
    validators.set(document, ajv);
  }
  if (ajv.validate(toJsonSchema(schema) as object, value)) return undefined;
  return ajv.errorsText(ajv.errors);
}

/** OpenAPI 3.0 says `nullable` where JSON Schema has a type `null`. */
function toJsonSchema(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(toJsonSchema);
  if (typeof node !== 'object' || node === null) return node;
  const { nullable, $ref, ...rest } = node as JsonSchema;
  const plain = {
    ...Object.fromEntries(Object.entries(rest).map(([name, child]) => [name, toJsonSchema(child)])),
    ...(typeof $ref === 'string' && { $ref: $ref.replace(/^#/, 'api#') }),
  };
  return nullable === true ? { anyOf: [plain, { type: 'null' }] } : plain;
}
