import type { IncomingMessage } from 'node:http';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Cluster } from '../cluster/cluster.js';
import { ApiError } from '../http/api-error.js';
import { type ForwardedMark, MARK } from './forwarded-mark.js';
import { SessionElsewhere } from './session-elsewhere.js';

/** Milliseconds; shorter in tests. */
interface ForwardingTimes {
  /** While a session goes from one process to another, its new owner is waited for so long. */
  patience: number;
  /** Before it is looked again who has it. */
  lookAgain: number;
  connect: number;
  /** An answer begins within this: somebody may wait for a QR or a pairing code. */
  answer: number;
}

const FORWARDING_TIMES: ForwardingTimes = {
  patience: 12_000,
  lookAgain: 250,
  connect: 2000,
  answer: 90_000,
};

/** Said by a process that was asked and has not got the session: nothing was done. */
export const NOT_HERE = 'x-patchbay-not-here';

/** Of one connection, not of the request (RFC 9110, 7.6.1), or made anew. */
const OF_CONNECTION = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding'],
  ...['upgrade', 'expect', 'content-length', MARK],
]);

/** What became of a try: an answer, or nothing was done and another process may be asked. */
type Tried = IncomingMessage | 'not done';

/**
 * Passes a request that needs a session to the process that runs it: whole, with the credentials and
 * the host that it came with, so that it is answered there as if it had been asked directly.
 */
export class Forwarding {
  constructor(
    private readonly cluster: Pick<Cluster, 'ownerOf' | 'leastLoaded'>,
    private readonly mark: ForwardedMark,
    private readonly logger: Logger,
    private readonly times = FORWARDING_TIMES,
  ) {}

  /**
   * Answers as the owner of the session does.
   * @throws {SessionElsewhere} when there is no owner in time
   * @throws {ApiError} session_elsewhere, with no time to try again, when it died over the request
   */
  async forward(
    request: FastifyRequest,
    reply: FastifyReply,
    elsewhere: SessionElsewhere,
  ): Promise<void> {
    const { sessionId } = elsewhere;
    // A file that was being read cannot be sent once more.
    if (request.headers['content-type']?.startsWith('multipart/')) throw elsewhere;
    const until = performance.now() + this.times.patience;
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    for (;;) {
      const address = await this.addressFor(sessionId);
      const tried = address ? await this.ask(address, request, gone.signal) : 'not done';
      if (gone.signal.aborted) return;
      if (tried !== 'not done') return this.answer(reply, tried);
      if (performance.now() > until) throw elsewhere;
      await new Promise((resolve) => setTimeout(resolve, this.times.lookAgain));
    }
  }

  /** Of the owner; of a session that nobody has, of the process that has the most room for it. */
  private async addressFor(sessionId: string | undefined): Promise<string | null | undefined> {
    const owner = sessionId === undefined ? null : await this.cluster.ownerOf(sessionId);
    return owner ? owner.address : (await this.cluster.leastLoaded())?.address;
  }

  private ask(address: string, request: FastifyRequest, gone: AbortSignal): Promise<Tried> {
    const url = new URL(address);
    const isSecure = url.protocol === 'https:';
    const { method, url: path } = request.raw;
    const body = bodyOf(request);
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => !OF_CONNECTION.has(name)),
    );
    const sent = (isSecure ? httpsRequest : httpRequest)({
      ...{ hostname: url.hostname, port: url.port, method, path, signal: gone },
      // A connection of its own: of one that was kept nobody knows whether the other side still has it.
      agent: false,
      headers: {
        ...headers,
        ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
        [MARK]: this.mark.make({ method, url: path }, request.ip),
      },
    });
    return new Promise((resolve, reject) => {
      let isConnected = false;
      let timer = setTimeout(() => sent.destroy(new Error('no connection')), this.times.connect);
      sent.once('socket', (socket) => {
        const connected = () => {
          isConnected = true;
          clearTimeout(timer);
          timer = setTimeout(() => sent.destroy(new Error('no answer')), this.times.answer);
        };
        if (socket.connecting) socket.once(isSecure ? 'secureConnect' : 'connect', connected);
        else connected();
      });
      sent.once('response', (response) => {
        clearTimeout(timer);
        if (response.headers[NOT_HERE] === undefined) return resolve(response);
        response.resume();
        resolve('not done');
      });
      sent.once('error', (error) => {
        clearTimeout(timer);
        this.logger.debug({ err: error, address }, 'a request could not be forwarded');
        const nothingDone = !isConnected || method === 'GET' || method === 'HEAD';
        if (nothingDone || gone.aborted) resolve('not done');
        else reject(new ApiError('session_elsewhere', DIED));
      });
      sent.end(body);
    });
  }

  private answer(reply: FastifyReply, response: IncomingMessage): void {
    for (const [name, value] of Object.entries(response.headers)) {
      const isOurs = OF_CONNECTION.has(name) && name !== 'content-length';
      if (!isOurs && value !== undefined) void reply.header(name, value);
    }
    void reply.status(response.statusCode ?? 502).send(response);
  }
}

const DIED =
  'The process that has the session ended before it answered: look whether it was done, then try again';

/** As it came; undefined where there is none. */
function bodyOf({ body }: FastifyRequest): string | Buffer | undefined {
  if (body === undefined || body === null) return undefined;
  return Buffer.isBuffer(body) ? body : JSON.stringify(body);
}
