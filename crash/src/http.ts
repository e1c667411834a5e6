/** Long enough (ms) that a busy machine alone never is the reason for having no answer. */
const ANSWER_WITHIN = 60_000;

export interface Answer<Body> {
  status: number;
  body: Body;
}

/**
 * A JSON request. Resolves with whatever was answered; rejects when no whole answer came, so that
 * nobody knows whether the request was done.
 */
export async function request<Body>(
  method: string,
  url: string,
  { body, headers = {} }: { body?: object; headers?: Record<string, string> } = {},
): Promise<Answer<Body>> {
  const signal = AbortSignal.timeout(ANSWER_WITHIN);
  try {
    const response = await fetch(url, {
      method,
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      signal,
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text ? JSON.parse(text) : undefined) as Body };
  } catch (error) {
    if (!signal.aborted) throw error;
    // As a broken connection is: something came in between, and it is no refusal.
    throw new Error(`${method} ${url}: no answer in ${ANSWER_WITHIN} ms`, { cause: error });
  }
}

/** The body of a request that must succeed. */
export async function mustAnswer<Body>(...args: Parameters<typeof request>): Promise<Body> {
  const { status, body } = await request<Body>(...args);
  if (status < 300) return body;
  throw new Error(`${args[0]} ${args[1]} answered ${status}: ${JSON.stringify(body)}`);
}
