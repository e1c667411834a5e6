import { z } from 'zod';

/**
 * A zod schema as JSON Schema. Shapes that have a name are put into `shared` and referred to.
 * @param {Map<string, object>} shared
 */
export function schemaOf(zodSchema, shared) {
  const { $defs, ...schema } = z.toJSONSchema(zodSchema, { io: 'output' });
  for (const [name, definition] of Object.entries($defs ?? {})) shared.set(name, definition);
  return schema;
}

/** A JSON Schema's type in words, as it stands in a table. */
export function typeWords(schema) {
  if (schema.$ref) return linkTo(schema.$ref.split('/').at(-1));
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ');
  const choices = schema.oneOf ?? schema.anyOf ?? schema.allOf;
  if (choices) return [...new Set(choices.map(typeWords))].join(' or ');
  if (Array.isArray(schema.type)) return schema.type.map(simpleWords).join(' or ');
  if (schema.type === 'array') return `list of ${typeWords(schema.items)}`;
  if (schema.type === 'object' && schema.properties) return objectWords(schema);
  return simpleWords(schema.type, schema.format);
}

function objectWords({ properties, required = [] }) {
  const shown = Object.entries(properties).map(([name, field]) => {
    return `\`${name}\`${required.includes(name) ? '' : '?'}: ${typeWords(field)}`;
  });
  return `{ ${shown.join('; ')} }`;
}

function simpleWords(type, format) {
  if (format === 'date-time') return 'time';
  const words = { string: 'text', integer: 'number', number: 'number', boolean: 'yes or no' };
  return words[type] ?? type ?? 'anything';
}

function linkTo(name) {
  return `[${name}](#${name.toLowerCase()})`;
}
