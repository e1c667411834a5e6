import type { LookupAddress, LookupOptions } from 'node:dns';
import { lookup as systemLookup } from 'node:dns';
import { isIP } from 'node:net';
import type { Dispatcher } from 'undici';
import { Agent, buildConnector, request } from 'undici';
import type { AddressPolicy } from './address-policy.js';

/** Connecting takes no longer than this (ms); the rest is bounded by the caller's signal. */
const CONNECT_WITHIN = 10_000;
const MAX_REDIRECTS = 3;

/** A URL that must not be asked: its form, or where it leads. The message is for its author. */
export class UrlRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UrlRefused';
  }
}

export interface GuardedRequest {
  method?: 'GET' | 'HEAD' | 'POST';
  headers?: Record<string, string>;
  /** Headers for the host of the URL alone: left out when a redirect leads to another origin. */
  originHeaders?: Record<string, string>;
  body?: string | Uint8Array;
  /** Ends the request, also while its body is read. There is no other time limit. */
  signal: AbortSignal;
}

export interface GuardedResponse {
  status: number;
  headers: Dispatcher.ResponseData['headers'];
  /** To be read or destroyed. */
  body: Dispatcher.ResponseData['body'];
  /** Where it came from, after redirects. */
  url: string;
}

export type Lookup = (
  host: string,
  options: LookupOptions & { all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * The only way to a URL that a user gave (webhooks, media by URL). The policy is asked for the
 * address that is connected to, of every connection, so neither a name that resolves differently
 * the second time nor a redirect leads around it.
 */
export class GuardedFetch {
  private readonly agent: Agent;

  constructor(
    private readonly policy: AddressPolicy,
    private readonly lookup: Lookup = systemLookup,
  ) {
    const connect = buildConnector({
      timeout: CONNECT_WITHIN,
      lookup: (host: string, options: LookupOptions, done: LookupDone) =>
        this.resolve(host, options, done),
    } as buildConnector.BuildOptions);
    this.agent = new Agent({
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (options, callback) => {
        // An address in the URL itself is not looked up.
        const refused = isIP(options.hostname) && this.refusal(options.hostname, options.hostname);
        if (refused) callback(refused, null);
        else connect(options, callback);
      },
    });
  }

  /**
   * Looks whether a URL could be asked, when its author is there to read why not. A name that
   * does not resolve now is let through: it is looked at again at each connection.
   * @throws {UrlRefused}
   */
  async inspect(text: string): Promise<void> {
    const url = parse(text);
    const host = hostOf(url);
    if (isIP(host)) {
      const refused = this.refusal(host, host);
      if (refused) throw refused;
      return;
    }
    const addresses = await new Promise<LookupAddress[]>((resolve) => {
      this.lookup(host, { all: true }, (error, found) => resolve(error ? [] : found));
    });
    if (addresses.length > 0 && !addresses.some((a) => this.policy.permits(a.address, host))) {
      throw this.refusal(addresses[0]?.address ?? '', host);
    }
  }

  /**
   * Asks a URL and follows redirects that keep the method. Throws `UrlRefused`, the signal's
   * reason, or the connection's error; an answer of any status is an answer.
   */
  async fetch(text: string, options: GuardedRequest): Promise<GuardedResponse> {
    const { method = 'GET', headers = {}, originHeaders = {}, body, signal } = options;
    const first = parse(text);
    let url = first;
    for (let redirects = 0; ; redirects += 1) {
      const sameOrigin = url.origin === first.origin;
      const answer = await request(url, {
        dispatcher: this.agent,
        method,
        headers: { ...headers, ...(sameOrigin && originHeaders) },
        ...(body !== undefined && { body }),
        signal,
      });
      const target = redirectTarget(answer, method, url);
      if (!target) {
        const { statusCode: status, headers: answerHeaders, body: answerBody } = answer;
        return { status, headers: answerHeaders, body: answerBody, url: url.href };
      }
      await answer.body.dump();
      if (redirects === MAX_REDIRECTS) throw new UrlRefused('too many redirects');
      url = parse(target);
    }
  }

  async close(): Promise<void> {
    await this.agent.destroy();
  }

  private resolve(host: string, options: LookupOptions, done: LookupDone): void {
    this.lookup(host, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, []);
      const permitted = addresses.filter(({ address }) => this.policy.permits(address, host));
      const [first] = permitted;
      if (!first) return done(this.refusal(addresses[0]?.address ?? '', host) ?? null, []);
      if (options.all) return done(null, permitted);
      done(null, first.address, first.family);
    });
  }

  private refusal(address: string, host: string): UrlRefused | undefined {
    if (this.policy.permits(address, host)) return undefined;
    return new UrlRefused(
      `${host} is not on the public internet. The operator can allow it with ALLOW_PRIVATE_TARGETS`,
    );
  }
}

type LookupDone = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

function parse(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new UrlRefused('The URL must begin with http:// or https://');
  }
  if (url.username || url.password) {
    throw new UrlRefused('The URL must not hold a user name or password: use a header');
  }
  return url;
}

/** Leaves the rest of an answer unread; to whom it was not read at all, that is an error event. */
export function leave({ body }: GuardedResponse): void {
  body.on('error', () => undefined);
  body.destroy();
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

/** 307 and 308 keep the method; the older ones turn a POST into a GET, which nobody means here. */
function redirectTarget(
  { statusCode, headers }: Dispatcher.ResponseData,
  method: string,
  from: URL,
): string | undefined {
  const kept = method === 'POST' ? [307, 308] : [301, 302, 303, 307, 308];
  const { location } = headers;
  if (!kept.includes(statusCode) || typeof location !== 'string') return undefined;
  return URL.canParse(location, from.href) ? new URL(location, from.href).href : undefined;
}
