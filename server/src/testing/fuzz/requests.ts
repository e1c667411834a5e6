import fc from 'fast-check';
import type { ApiDocument, Endpoint, JsonSchema, Parameter } from './api-document.js';
import type { Hints } from './arbitrary.js';
import { Arbitraries, junk } from './arbitrary.js';

type Values = Record<string, unknown>;

export interface FuzzRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  /** JSON text, or nothing. */
  body: string | undefined;
  /** Fields of a form; files as bytes. */
  form: Values | undefined;
}

/** The content type and schema of what an endpoint takes. */
export function bodyOf({ operation }: Endpoint): { type: string; schema: JsonSchema } | undefined {
  const [entry] = Object.entries(operation.requestBody?.content ?? {});
  return entry && { type: entry[0], schema: entry[1].schema };
}

/** Fields as a form, bytes as files. */
export function formOf(fields: Values): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value instanceof Uint8Array) {
      form.append(name, new File([new Uint8Array(value)], 'file.png', { type: 'image/png' }));
    } else {
      form.append(name, String(value));
    }
  }
  return form;
}

interface Parts {
  path: Values;
  query: Values;
  header: Values;
  body: unknown;
}

/** Requests to an endpoint: about half of them as the document says, the others spoilt somewhere. */
export function requestsTo(
  endpoint: Endpoint,
  document: ApiDocument,
  hints: Hints,
): fc.Arbitrary<FuzzRequest> {
  const good = goodParts(endpoint, new Arbitraries(document, hints));
  const spoilt = fc
    .tuple(good, fc.constantFrom('path', 'query', 'body', 'body', 'text'), junk, fc.nat())
    .map(([parts, where, value, pick]) => spoil(parts, where as keyof Parts | 'text', value, pick));
  return fc
    .oneof(
      { weight: 3, arbitrary: good.map((parts) => ({ parts, text: undefined })) },
      { weight: 2, arbitrary: spoilt },
    )
    .map(({ parts, text }) => toRequest(endpoint, parts, text));
}

/** A request as the document says, with what is required and where possible with what is known. */
export function goodRequest(
  endpoint: Endpoint,
  document: ApiDocument,
  hints: Hints,
  seed: number,
): FuzzRequest {
  const firsts: Hints = (field) => hints(field)?.slice(0, 1);
  const parts = goodParts(endpoint, new Arbitraries(document, firsts, { onlyHints: true }));
  const [sample] = fc.sample(parts, { numRuns: 1, seed });
  const { path = {}, body } = sample ?? {};
  const required = (endpoint.operation.parameters ?? []).filter((each) => each.required);
  const query = Object.fromEntries(
    Object.entries(sample?.query ?? {}).filter(([field]) =>
      required.some((each) => each.in === 'query' && each.name === field),
    ),
  );
  return toRequest(endpoint, { path, query, header: {}, body }, undefined);
}

function goodParts(endpoint: Endpoint, arbitraries: Arbitraries): fc.Arbitrary<Parts> {
  const { parameters = [], requestBody } = endpoint.operation;
  const those = (place: Parameter['in']) => {
    const found = parameters.filter((parameter) => parameter.in === place);
    const fields = found.map(({ name, schema }) => [name, arbitraries.of(schema, name)] as const);
    const requiredKeys = found.filter(({ required }) => required).map(({ name }) => name);
    const record: Record<string, fc.Arbitrary<unknown>> = Object.fromEntries(fields);
    return fc.record(record, { requiredKeys, noNullPrototype: true });
  };
  const schema = bodyOf(endpoint)?.schema;
  const body = schema ? arbitraries.of(schema) : fc.constant(undefined);
  return fc.record({
    path: those('path') as fc.Arbitrary<Values>,
    query: those('query') as fc.Arbitrary<Values>,
    header: those('header') as fc.Arbitrary<Values>,
    body: requestBody?.required === false ? fc.option(body, { nil: undefined }) : body,
  });
}

function spoil(parts: Parts, where: keyof Parts | 'text', value: unknown, pick: number) {
  const spoilt: Parts = structuredClone(parts);
  if (where === 'text') return { parts: spoilt, text: String(value) };
  if (where === 'body') {
    spoilt.body = replaced(spoilt.body, value, pick);
  } else {
    const names = Object.keys(spoilt[where] as Values);
    const name = names[pick % Math.max(1, names.length)] ?? 'unknown';
    // Longer addresses are refused by Node itself.
    (spoilt[where] as Values)[name] = String(JSON.stringify(value)).slice(0, 300);
  }
  return { parts: spoilt, text: undefined };
}

/** The value with one of its parts, or all of it, replaced. */
function replaced(within: unknown, value: unknown, pick: number): unknown {
  if (typeof within !== 'object' || within === null || pick % 5 === 0) return value;
  const copy = (Array.isArray(within) ? [...within] : { ...within }) as Values;
  const names = [...Object.keys(copy), 'unknown'];
  const name = names[pick % names.length] as string;
  copy[name] = pick % 2 ? value : replaced(copy[name], value, Math.floor(pick / 2));
  return copy;
}

function toRequest(endpoint: Endpoint, parts: Parts, text: string | undefined): FuzzRequest {
  const { method, path } = endpoint;
  const place = path.replace(
    /\{(\w+)\}/g,
    (_all, name: string) => encoded(parts.path[name]) || '-',
  );
  const query = Object.entries(parts.query).map(([name, value]) => `${name}=${encoded(value)}`);
  const headers = Object.fromEntries(
    Object.entries(parts.header).map(([name, value]) => [
      name.toLowerCase(),
      String(value).replace(/[^\x20-\x7e]/g, '?'),
    ]),
  );
  const address = query.length > 0 ? `${place}?${query.join('&')}` : place;
  const type = bodyOf(endpoint)?.type ?? 'application/json';
  const { body } = parts;
  const isForm = type.startsWith('multipart/') && text === undefined;
  if (isForm && typeof body === 'object' && body !== null) {
    return { method, path: address, headers, body: undefined, form: body as Values };
  }
  const written = text ?? (body === undefined ? undefined : JSON.stringify(body));
  const hasBody = written !== undefined && method !== 'GET';
  return {
    method,
    path: address,
    headers: { ...headers, ...(hasBody && { 'content-type': type }) },
    body: hasBody ? written : undefined,
    form: undefined,
  };
}

/** Lone surrogates cannot stand in an address. */
function encoded(value: unknown): string {
  return encodeURIComponent(Buffer.from(String(value)).toString());
}
