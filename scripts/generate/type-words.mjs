/** A schema of the OpenAPI document as a TypeScript type. */
export function typeOf(schema) {
  const type = withoutNull(schema);
  return schema.nullable && type !== 'null' ? `${type} | null` : type;
}

function withoutNull(schema) {
  if (schema.$ref) return schema.$ref.split('/').at(-1);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return choices.map(typeOf).map(inBrackets).join(' | ');
  if (schema.allOf) return schema.allOf.map(typeOf).map(inBrackets).join(' & ');
  switch (schema.type) {
    case 'array':
      return `${inBrackets(typeOf(schema.items ?? {}))}[]`;
    case 'object':
      return objectType(schema);
    case 'integer':
    case 'number':
      return 'number';
    case 'string':
      return schema.format === 'binary' ? 'Blob' : 'string';
    case 'boolean':
      return 'boolean';
    default:
      return 'unknown';
  }
}

function objectType({ properties = {}, required = [], additionalProperties }) {
  const fields = Object.entries(properties).map(([name, schema]) => {
    const optional = required.includes(name) ? '' : '?';
    return `${comment(schema.description)}${key(name)}${optional}: ${typeOf(schema)};`;
  });
  if (additionalProperties && typeof additionalProperties === 'object') {
    fields.push(`[name: string]: ${typeOf(additionalProperties)};`);
  } else if (fields.length === 0) {
    return additionalProperties === false ? 'Record<string, never>' : 'Record<string, unknown>';
  }
  return `{\n${fields.join('\n')}\n}`;
}

/** A doc comment, or nothing when there is nothing to say. */
export function comment(text) {
  return text ? `/** ${text.replaceAll('*/', '* /')} */\n` : '';
}

function key(name) {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

function inBrackets(type) {
  return / [|&] /.test(type) && !type.startsWith('{') ? `(${type})` : type;
}
