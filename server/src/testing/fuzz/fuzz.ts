import fc from 'fast-check';
import { API_KEY } from '../test-api.js';
import type { TestServer } from '../test-server.js';
import type { ApiDocument, Endpoint } from './api-document.js';
import { endpointsOf } from './api-document.js';
import type { Hints } from './arbitrary.js';
import type { FuzzRequest } from './requests.js';
import { formOf, requestsTo } from './requests.js';

export interface FuzzReport {
  endpoints: number;
  requests: number;
  /** Requests that were not refused for their shape. */
  passed: number;
  /** What must not be, with the request. */
  failures: string[];
}

interface ErrorAnswer {
  error?: { code?: string };
}

/** Endpoints that are tried at the same time: some wait for WhatsApp. */
const AT_ONCE = 8;
/** Longer than any answer is allowed to take here (ms). */
const PATIENCE = 40_000;

/** Sends random requests to every endpoint of the server's own document. */
export async function fuzz(
  server: TestServer,
  options: {
    runs: number;
    seed: number;
    codes: readonly string[];
    hintsFor(endpoint: Endpoint): Hints;
  },
): Promise<FuzzReport> {
  const document = (await server.call<ApiDocument>('GET', '/api/openapi.json')).body;
  const endpoints = endpointsOf(document);
  const report: FuzzReport = { endpoints: endpoints.length, requests: 0, passed: 0, failures: [] };
  const next = endpoints.values();
  const worker = async () => {
    for (const endpoint of next) {
      const requests = requestsTo(endpoint, document, options.hintsFor(endpoint));
      const result = await fc.check(
        fc.asyncProperty(requests, async (request) => {
          report.requests += 1;
          const passed = await sendAndJudge(server, request, options.codes);
          if (passed) report.passed += 1;
        }),
        // The first failure is told as it is: what is behind it changes with every request.
        { numRuns: options.runs, seed: options.seed, endOnFailure: true },
      );
      if (result.failed) {
        const why = result.errorInstance instanceof Error ? result.errorInstance.message : '';
        report.failures.push(`${why}: ${JSON.stringify(result.counterexample)}`.slice(0, 2000));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return report;
}

/** Whether the request was not refused for its shape; throws for an answer that must not be. */
async function sendAndJudge(
  server: TestServer,
  { method, path, headers, body, form }: FuzzRequest,
  codes: readonly string[],
): Promise<boolean> {
  const stop = AbortSignal.timeout(PATIENCE);
  const answer = await fetch(`${server.url}${path}`, {
    method,
    headers: { 'x-api-key': API_KEY, ...headers },
    signal: stop,
    ...(body !== undefined && { body }),
    ...(form && { body: formOf(form) }),
  });
  const type = answer.headers.get('content-type') ?? '';
  if (!type.includes('json')) {
    await answer.body?.cancel();
    if (answer.status >= 400) throw new Error(`${answer.status} that is no error of the table`);
    return true;
  }
  const said = (await answer.json()) as ErrorAnswer;
  if (answer.status >= 400) {
    const code = said.error?.code ?? '';
    if (code === 'internal') throw new Error('an internal error');
    if (!codes.includes(code)) throw new Error(`an error outside of the table: "${code}"`);
    return code !== 'invalid_request';
  }
  return true;
}
