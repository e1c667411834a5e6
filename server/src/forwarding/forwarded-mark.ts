import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../http/api-error.js';
import type { SecretBox } from '../secrets/secret-box.js';

/** The header of a request that one of our processes has forwarded to another. */
export const MARK = 'x-patchbay-forwarded';

/** Between machines whose clocks differ by more than this (ms) nothing is forwarded. */
const MAX_AGE = 60_000;

const forwarded = new WeakSet<object>();

/** Whether a request came from another of our processes. */
export const isForwarded = (request: object): boolean => forwarded.has(request);

type Marked = { method?: string | undefined; url?: string | undefined };

/**
 * That a request was forwarded by one of our own processes, which has counted it already, and for whom
 * it asks: signed with a key that is derived from the secret of the instance. It gives no rights; who
 * asks is found by the credentials, as in every request.
 */
export class ForwardedMark {
  constructor(private readonly box: Pick<SecretBox, 'sign'>) {}

  /** @param address of the client */
  make(request: Marked, address: string, now = Date.now()): string {
    return `${now}.${Buffer.from(address).toString('base64url')}.${this.sign(request, address, now)}`;
  }

  /**
   * The client's address in a mark.
   * @throws {ApiError} invalid_request for one that is not ours, or old: it must not be forwarded on
   */
  read(mark: string, request: Marked, now = Date.now()): string {
    const [at = '', encoded = '', signature = ''] = mark.split('.');
    const address = Buffer.from(encoded, 'base64url').toString();
    const right = Buffer.from(this.sign(request, address, Number(at)));
    const given = Buffer.from(signature);
    const isOurs = given.length === right.length && timingSafeEqual(given, right);
    if (isOurs && Math.abs(now - Number(at)) <= MAX_AGE) return address;
    throw new ApiError(
      'invalid_request',
      isOurs
        ? `${MARK}: the clocks of our machines differ by more than a minute; set them`
        : `${MARK}: this header is for processes of this server only`,
    );
  }

  /**
   * Takes a request that carries a mark as one of the client for whom it was forwarded.
   * @throws {ApiError} as `read`
   */
  receive(request: FastifyRequest): void {
    const mark = request.headers[MARK];
    if (mark === undefined) return;
    const address = this.read(String(mark), request.raw);
    Object.defineProperty(request, 'ip', { value: address });
    forwarded.add(request);
  }

  private sign({ method, url }: Marked, address: string, at: number): string {
    return this.box.sign(`forwarded|${at}|${address}|${method}|${url}`);
  }
}
