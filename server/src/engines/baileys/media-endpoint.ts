import { Agent as HttpsAgent } from 'node:https';
import { isIP } from 'node:net';
import { Agent, buildConnector } from 'undici';
import type { WhatsAppEndpoint } from '../engine.js';

export interface MediaTransport {
  /** For downloads: rc14 hands `options.dispatcher` to fetch (`lib/Utils/messages-media.js`). */
  dispatcher: Agent;
  /** For uploads, which go through node:https. */
  fetchAgent: HttpsAgent;
}

/** One for all sessions of an endpoint: an agent holds connections of its own. */
const made = new Map<string, MediaTransport>();

/**
 * How media travels to a stand-in for WhatsApp: rc14 asks `https://mmg.whatsapp.net` whatever the
 * configuration says, so the connection is led elsewhere below HTTP. undefined: the real hosts.
 */
export function mediaTransport(endpoint: WhatsAppEndpoint): MediaTransport | undefined {
  const { mediaCa, mediaHost } = endpoint;
  if (!mediaCa && !mediaHost) return undefined;
  const key = JSON.stringify([mediaHost, mediaCa]);
  const transport = made.get(key) ?? makeTransport(mediaHost, mediaCa);
  made.set(key, transport);
  return transport;
}

function makeTransport(mediaHost: string | undefined, mediaCa: string | undefined): MediaTransport {
  const target = mediaHost ? new URL(`https://${mediaHost}`) : undefined;
  const hostname = target?.hostname.replace(/^\[|\]$/g, '');
  const port = target ? target.port || '443' : undefined;
  const connect = buildConnector({ ca: mediaCa });
  const redirected = hostname && port ? { hostname, host: hostname, port } : undefined;
  const dispatcher = new Agent({
    connect: (options, callback) =>
      connect(
        redirected
          ? { ...options, ...redirected, servername: isIP(hostname ?? '') ? undefined : hostname }
          : options,
        callback,
      ),
  });
  return { dispatcher, fetchAgent: new RedirectedAgent(mediaCa, redirected) };
}

class RedirectedAgent extends HttpsAgent {
  constructor(
    ca: string | undefined,
    private readonly target: { hostname: string; port: string } | undefined,
  ) {
    super({ ca });
  }

  // The documented place of node:http.Agent to choose where a connection goes.
  override createConnection(...[options, callback]: Parameters<HttpsAgent['createConnection']>) {
    const there = this.target && {
      host: this.target.hostname,
      port: Number(this.target.port),
      servername: isIP(this.target.hostname) ? '' : this.target.hostname,
    };
    return super.createConnection({ ...options, ...there }, callback);
  }
}
