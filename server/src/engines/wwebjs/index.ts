import type { EngineFactory } from '../engine.js';
import type { Browsers } from './browsers.js';
import { WwebjsEngine, type WwebjsTimes } from './wwebjs-engine.js';

const SECOND = 1000;

const TIMES: WwebjsTimes = {
  startWithin: 90 * SECOND,
  readyWithin: 30 * SECOND,
  answerWithin: 60 * SECOND,
  lookEvery: 30 * SECOND,
  offlineFor: 60 * SECOND,
  qrShown: 60 * SECOND,
  saveEvery: 300 * SECOND,
  saveAfterLink: 15 * SECOND,
  closeWithin: 3 * SECOND,
};

/** WhatsApp Web in a browser of its own per session. */
export function wwebjsEngine(browsers: Browsers, times: Partial<WwebjsTimes> = {}): EngineFactory {
  return (host) => new WwebjsEngine(host, browsers, { ...TIMES, ...times });
}

export { type BrowserOptions, Browsers } from './browsers.js';
export type { WwebjsTimes } from './wwebjs-engine.js';
