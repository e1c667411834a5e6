import { createClient, operations, PatchbayError } from '@patchbay/client';
import { ERRORS } from '@patchbay/contract';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiDocument, Endpoint } from '../testing/fuzz/api-document.js';
import { endpointsOf } from '../testing/fuzz/api-document.js';
import { examplesFor } from '../testing/fuzz/examples.js';
import { differences } from '../testing/fuzz/fits.js';
import { API_KEY } from '../testing/test-api.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';

type Methods = Record<string, (...args: unknown[]) => Promise<unknown>>;

describe('the OpenAPI document and the client made from it', () => {
  let sandbox: TestSandbox;
  let server: TestServer;
  let document: ApiDocument;

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    server = await TestServer.start(sandbox, {
      database: 'sqlite',
      environment: { ALLOW_PRIVATE_TARGETS: '127.0.0.1' },
    });
    document = (await server.call<ApiDocument>('GET', '/api/openapi.json')).body;
  });
  afterAll(async () => {
    await server.stop();
    await sandbox.stop();
  });

  it('the document is valid', async () => {
    expect(await new Validator().validate({ ...document })).toEqual({ valid: true });
  });

  it('every route has schemas for what goes in and out, and its errors are of the table', () => {
    const statuses = new Set<string>(Object.values(ERRORS).map(({ status }) => String(status)));
    for (const { method, path, operation } of endpointsOf(document)) {
      const where = `${method} ${path}`;
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const described = (operation.parameters ?? []).filter((each) => each.in === 'path');
      expect([where, described.map(({ name }) => name)]).toEqual([where, inPath]);
      for (const { schema } of operation.parameters ?? []) expect([where, schema]).toBeTruthy();
      const bodies = [operation.requestBody, ...Object.values(operation.responses)];
      for (const { content } of bodies.filter((body) => body !== undefined)) {
        for (const media of Object.values(content ?? {})) {
          expect([where, Object.keys(media.schema ?? {}).length > 0]).toEqual([where, true]);
        }
      }
      for (const [status, { content }] of Object.entries(operation.responses)) {
        if (status < '400') continue;
        expect([where, status, statuses.has(status)]).toEqual([where, status, true]);
        const { schema } = content?.['application/json'] ?? {};
        expect([where, schema?.$ref]).toEqual([where, '#/components/schemas/Error']);
      }
    }
  });

  it('the client has every endpoint and no other (else: npm run generate)', () => {
    const own = Object.values(operations).flatMap((group) => Object.values(group));
    const known = own.map(({ method, path }) => `${method} ${path}`);
    const described = endpointsOf(document).map(({ method, path }) => `${method} ${path}`);
    expect(known.sort()).toEqual(described.sort());
  });

  it('runs every endpoint; each answer fits its schema or is an error that the route names', async () => {
    const known = await examplesFor(server, sandbox);
    const client = createClient({ url: server.url, apiKey: API_KEY });
    const endpoints = endpointsOf(document);
    const outcomes = new Map<string, string>();
    for (const [group, methods] of Object.entries(operations)) {
      for (const [name, { method, path, answer }] of Object.entries(methods)) {
        const endpoint = endpoints.find((each) => each.method === method && each.path === path);
        const call = (client[group as keyof typeof operations] as unknown as Methods)[name];
        let outcome = '';
        // A schema does not say everything ("this goes with that only"): then others are tried.
        for (let seed = 1; seed <= 10 && /^(invalid_request|$)/.test(outcome); seed += 1) {
          const args = known.argumentsFor(endpoint as Endpoint, document, seed);
          outcome = await run(document, endpoint as Endpoint, answer, () =>
            (call as Methods[string])(...args),
          );
        }
        outcomes.set(`${group}.${name}`, outcome);
      }
    }
    const wrong = [...outcomes].filter(([, outcome]) =>
      /^(wrong|undocumented|invalid_request)/.test(outcome),
    );
    expect(wrong).toEqual([]);
    const done = [...outcomes.values()].filter((outcome) => outcome === 'done').length;
    // The others answer that what they act upon is not there: no media, no QR of a linked session ...
    expect(done / outcomes.size).toBeGreaterThan(0.6);
  }, 60_000);
});

/** `done`, the code of a documented error, or what is wrong. */
async function run(
  document: ApiDocument,
  { operation }: Endpoint,
  answer: string,
  call: () => Promise<unknown>,
): Promise<string> {
  try {
    const body = await call();
    if (body instanceof Response) await body.body?.cancel();
    if (answer !== 'json') return 'done';
    const [, response] =
      Object.entries(operation.responses).find(([status]) => status < '300') ?? [];
    const schema = response?.content?.['application/json']?.schema;
    const wrong = schema ? differences(document, schema, body) : 'there is no schema';
    return wrong ? `wrong answer: ${wrong} in ${JSON.stringify(body).slice(0, 1000)}` : 'done';
  } catch (error) {
    if (!(error instanceof PatchbayError)) throw error;
    const isDocumented = String(error.status) in operation.responses;
    const said = `${error.code}: ${error.message}`;
    return isDocumented ? said : `undocumented ${said}`;
  }
}
