import type { Logger } from 'pino';
import type { SocketConfig } from './baileys.js';

type BaileysLogger = SocketConfig['logger'];

/** Fields that are worth having in a log and can hold neither secrets nor what people write. */
const FIELDS = new Set([
  'msgId',
  'count',
  'retryCount',
  'attempt',
  'version',
  'statusCode',
  'errorType',
  'preKeyCount',
  'syncType',
  'progress',
  'requestId',
]);

/** Numbers of seven digits or more may be telephone numbers: only their end is shown. */
function masked(text: string): string {
  return text.replace(/\d{4,}(?=\d{3})/g, '…');
}

function safeFields(details: unknown): Record<string, unknown> {
  if (typeof details !== 'object' || details === null) return {};
  const safe: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(details)) {
    if (FIELDS.has(name) && ['string', 'number', 'boolean'].includes(typeof value)) {
      safe[name] = typeof value === 'string' ? masked(value) : value;
    } else if (value instanceof Error) {
      safe.error = masked(value.message);
    }
  }
  return safe;
}

/**
 * Baileys' log lines in ours. It logs keys, credentials, whole stanzas and numbers as objects, of
 * which only harmless fields pass. What it calls an error is a warning here (the engine tells the
 * session what matters by events), and the rest is for debugging. Its level never says `trace`,
 * at which rc14 prints every stanza.
 */
export function bridgeLogger(logger: Logger): BaileysLogger {
  const verbose = logger.isLevelEnabled('debug');
  const line =
    (level: 'warn' | 'debug' | 'trace') =>
    (details: unknown, message?: string): void => {
      if (!logger.isLevelEnabled(level)) return;
      const text = typeof details === 'string' ? details : message;
      logger[level](safeFields(details), `baileys: ${masked(text ?? '')}`);
    };
  const nothing = () => {};
  const bridge: BaileysLogger = {
    level: verbose ? 'debug' : 'warn',
    child: () => bridge,
    error: line('warn'),
    warn: verbose ? line('debug') : nothing,
    info: verbose ? line('debug') : nothing,
    debug: verbose ? line('trace') : nothing,
    trace: nothing,
  };
  return bridge;
}
