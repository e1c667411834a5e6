import { comment, typeOf } from './type-words.mjs';

const HEAD = `// Made from the OpenAPI document by \`npm run generate\`; change the schemas in contract/ instead.

import type { Operation } from './operation.js';
import type { RequestOptions } from './request.js';
`;

/** client/src/api.generated.ts: the types of the document, and its operations as typed methods, grouped by controller. */
export function clientApi(document) {
  const types = Object.entries(document.components.schemas).map(
    ([name, schema]) => `${comment(schema.description)}export type ${name} = ${typeOf(schema)};\n`,
  );
  const operations = operationsOf(document);
  const groups = [...new Set(operations.map(({ group }) => group))];
  const members = groups.map((group) => {
    const methods = operations.filter((operation) => operation.group === group);
    return `${group}: {\n${methods.map(signature).join('\n')}\n};`;
  });
  const rows = groups.map((group) => {
    const methods = operations.filter((operation) => operation.group === group);
    return `${group}: {\n${methods.map(row).join('\n')}\n},`;
  });
  return [
    HEAD,
    ...types,
    `/** Every endpoint of the API, by subject. */\nexport interface Api {\n${members.join('\n')}\n}\n`,
    `export const operations: { [Group in keyof Api]: Record<keyof Api[Group], Operation> } = {\n${rows.join('\n')}\n};\n`,
  ].join('\n');
}

function operationsOf({ paths }) {
  return Object.entries(paths).flatMap(([path, byMethod]) =>
    Object.entries(byMethod).map(([method, operation]) => {
      const [controller, handler] = operation.operationId.split('_');
      const parameters = operation.parameters ?? [];
      const [answer, content] = answerOf(operation.responses);
      return {
        group: controller[0].toLowerCase() + controller.slice(1).replace(/Controller$/, ''),
        name: handler,
        method: method.toUpperCase(),
        path,
        summary: operation.summary,
        pathParameters: parameters.filter((parameter) => parameter.in === 'path'),
        query: parameters.filter((parameter) => parameter.in === 'query'),
        ...bodyOf(operation.requestBody),
        answer,
        repeatable: operation['x-repeatable'] === true,
        answerType: content,
      };
    }),
  );
}

function bodyOf(requestBody) {
  if (!requestBody) return { body: undefined };
  const json = requestBody.content['application/json'];
  const form = 'multipart/form-data' in requestBody.content;
  const types = [...(form ? ['FormData'] : []), ...(json ? [typeOf(json.schema)] : [])];
  return {
    body: true,
    bodyType: types.join(' | '),
    bodyRequired: requestBody.required ?? false,
  };
}

function answerOf(responses) {
  const [, response] = Object.entries(responses).find(([status]) => status < '300');
  const [type, media] = Object.entries(response.content ?? {})[0] ?? [];
  if (type === undefined) return ['nothing', 'void'];
  if (type === 'application/json') return ['json', typeOf(media.schema)];
  if (type === 'text/plain') return ['text', 'string'];
  return ['response', 'Response'];
}

function signature({ name, summary, pathParameters, query, answerType, ...operation }) {
  const { body, bodyType, bodyRequired } = operation;
  const parameters = pathParameters.map((parameter) => `${parameter.name}: string`);
  const isNeeded = query.some(({ required }) => required);
  if (body) parameters.push(`body${bodyRequired || isNeeded ? '' : '?'}: ${bodyType}`);
  if (query.length > 0) parameters.push(`query${isNeeded ? '' : '?'}: ${queryType(query)}`);
  parameters.push('options?: RequestOptions');
  return `${comment(summary)}${name}(${parameters.join(', ')}): Promise<${answerType}>;`;
}

function queryType(query) {
  const fields = query.map(
    ({ name, required, schema }) => `${name}${required ? '' : '?'}: ${typeOf(schema)} | undefined`,
  );
  return `{ ${fields.join('; ')} }`;
}

function row({ name, method, path, body, query, answer, repeatable }) {
  const parts = [`method: '${method}'`, `path: '${path}'`, `answer: '${answer}'`];
  if (body) parts.push('body: true');
  if (query.length > 0) parts.push('query: true');
  if (repeatable) parts.push('repeatable: true');
  return `${name}: { ${parts.join(', ')} },`;
}
