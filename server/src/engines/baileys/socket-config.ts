import type { Agent as HttpsAgent } from 'node:https';
import { isGroupJid, isNewsletterJid, isStatusJid } from '../../whatsapp/jid.js';
import type { EngineHost, EngineSettings } from '../engine.js';
import type { BaileysAuth } from './auth-state.js';
import {
  type AuthenticationState,
  DEFAULT_CONNECTION_CONFIG,
  type GroupMetadata,
  proto,
  type SocketConfig,
  WA_CERT_DETAILS,
} from './baileys.js';
import { decodeMessage } from './from-baileys/message.js';
import { bridgeLogger } from './logger-bridge.js';
import { durableRepository } from './signal/durable-repository.js';
import type { Transport } from './transport.js';

/** How long things may take; tests shorten them. All in milliseconds. */
export interface BaileysTimings {
  /** Until the first QR, or until logged in. */
  connectTimeoutMs: number;
  keepAliveIntervalMs: number;
  /** A question to WhatsApp. */
  queryTimeoutMs: number;
  /** A sign of life, asked by the watchdog. */
  pingTimeoutMs: number;
  /** How often the journal forgets what WhatsApp certainly knows that we have. */
  forgetEveryMs: number;
  /** Life of each QR; absent: rc14's own, a minute for the first and 20 s for the others. */
  qrMs?: number;
}

export const DEFAULT_TIMINGS: BaileysTimings = {
  connectTimeoutMs: 60_000,
  keepAliveIntervalMs: 30_000,
  queryTimeoutMs: 30_000,
  pingTimeoutMs: 5_000,
  forgetEveryMs: 30_000,
};

const WHATSAPP_ROOT_KEY = WA_CERT_DETAILS.PUBLIC_KEY;

/** What a socket asks and tells while it lives. */
export interface SocketHooks {
  transport: Transport;
  groupMetadata(jid: string): Promise<GroupMetadata | undefined>;
  /** A ciphertext was opened and is in the journal, by its digest. */
  onOpened(digest: string): void;
}

/**
 * Settings of one socket. The root of the certificate chain is not among rc14's settings: it is a
 * property of the whole process, so all sessions of a process must want the same WhatsApp.
 */
export function socketConfig(
  host: EngineHost,
  { state, keys }: BaileysAuth,
  timings: BaileysTimings,
  hooks: SocketHooks,
): Partial<SocketConfig> & { auth: AuthenticationState } {
  const { endpoint, settings } = host;
  WA_CERT_DETAILS.PUBLIC_KEY = endpoint.noiseRootKey
    ? Buffer.from(endpoint.noiseRootKey)
    : WHATSAPP_ROOT_KEY;
  const { agent, dispatcher, fetchAgent } = hooks.transport;
  return {
    auth: state,
    logger: bridgeLogger(host.logger),
    waWebSocketUrl: endpoint.webSocketUrl ?? DEFAULT_CONNECTION_CONFIG.waWebSocketUrl,
    ...(host.clientVersion && { version: [...host.clientVersion] }),
    // Phones give their full history to desktop applications only.
    browser: [host.deviceName, settings.historyDepth === 'full' ? 'Desktop' : 'Chrome', '1.0'],
    connectTimeoutMs: Math.min(timings.connectTimeoutMs, 20_000),
    defaultQueryTimeoutMs: timings.queryTimeoutMs,
    ...(timings.qrMs && { qrTimeout: timings.qrMs }),
    keepAliveIntervalMs: timings.keepAliveIntervalMs,
    ...(agent && { agent: agent as HttpsAgent }),
    ...(dispatcher && { options: { dispatcher } as RequestInit }),
    ...(fetchAgent && { fetchAgent }),
    // The outbox knows what it sent; a second account of it would only have to be told apart.
    emitOwnEvents: false,
    // While we are "available" the phone shows no notifications.
    markOnlineOnConnect: settings.markOnline,
    syncFullHistory: settings.historyDepth === 'full',
    shouldSyncHistoryMessage: ({ syncType }) => isWanted(syncType, settings),
    shouldIgnoreJid: (jid) => isIgnored(jid, settings),
    makeSignalRepository: (...given) =>
      durableRepository(
        DEFAULT_CONNECTION_CONFIG.makeSignalRepository(...given),
        keys,
        host.journal,
        hooks.onOpened,
      ),
    cachedGroupMetadata: hooks.groupMetadata,
    getMessage: async ({ id }) => {
      const raw = id ? await host.sentMessage(id) : undefined;
      return (raw && decodeMessage(raw).message) ?? undefined;
    },
  };
}

function isWanted(syncType: number | null | undefined, { historyDepth }: EngineSettings): boolean {
  // Somebody here has asked for it.
  if (syncType === proto.HistorySync.HistorySyncType.ON_DEMAND) return true;
  if (historyDepth === 'none') return false;
  return historyDepth === 'full' || syncType !== proto.HistorySync.HistorySyncType.FULL;
}

/** What comes from there is acknowledged, and neither read nor stored. */
function isIgnored(jid: string, settings: EngineSettings): boolean {
  return (
    (settings.ignoreStatus && isStatusJid(jid)) ||
    (settings.ignoreGroups && isGroupJid(jid)) ||
    (settings.ignoreChannels && isNewsletterJid(jid))
  );
}
