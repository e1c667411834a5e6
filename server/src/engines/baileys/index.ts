import type { EngineFactory } from '../engine.js';
import { BaileysEngine } from './baileys-engine.js';
import { type BaileysTimings, DEFAULT_TIMINGS } from './socket-config.js';

/** Engines with other timings than the usual ones. */
export function baileysEngineWith(timings: Partial<BaileysTimings>): EngineFactory {
  return (host) => new BaileysEngine(host, { ...DEFAULT_TIMINGS, ...timings });
}

/** WhatsApp Web's multi-device protocol by baileys: one socket per engine. */
export const baileysEngine: EngineFactory = baileysEngineWith({});
