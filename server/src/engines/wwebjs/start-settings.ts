import { mkdir } from 'node:fs/promises';
import type { EngineHost } from '../engine.js';
import type { Browsers } from './browsers.js';
import { NO_CHROMIUM } from './find-chromium.js';
import type { PageSettings, PageTimes } from './protocol.js';
import type { Told } from './stored-profile.js';

/** Largest file that goes in or out (bytes): it is held whole, in base64, in three processes. */
export const LARGEST_FILE = 64 * 1024 * 1024;
/**
 * A message may come so much later (ms) than others that were written after it: WhatsApp Web looks for a
 * lost connection for a minute, and clocks differ. What was told before changes nothing when it is told again.
 */
const OVERLAP = 300_000;

/** How a session's Chromium is to start. */
export async function startSettings(
  { deviceName, settings }: EngineHost,
  browsers: Browsers,
  { profile, told, times }: { profile: string; told: Told | undefined; times: PageTimes },
): Promise<PageSettings> {
  await mkdir(profile, { recursive: true, mode: 0o700 });
  const executable = browsers.executable();
  if (!executable) throw new Error(NO_CHROMIUM);
  const proxy = settings.proxyUrl ? proxyOf(settings.proxyUrl) : undefined;
  return {
    profile,
    restored: told !== undefined,
    since: told && told.until - OVERLAP,
    history: !told?.history,
    overlap: OVERLAP,
    executable,
    args: browsers.args(proxy?.server),
    userAgent: await browsers.userAgent(),
    ...(proxy?.login && { proxyLogin: proxy.login }),
    deviceName,
    ignore: {
      status: settings.ignoreStatus,
      groups: settings.ignoreGroups,
      channels: settings.ignoreChannels,
    },
    markOnline: settings.markOnline,
    times,
    largestFile: LARGEST_FILE,
  };
}

/** Chromium takes the login of a proxy apart from its address, and none for SOCKS. */
function proxyOf(text: string) {
  const url = new URL(text);
  const { username, password } = url;
  if (username && url.protocol.startsWith('socks')) {
    throw new Error(
      'Chromium knows no login for SOCKS proxies; use one without, or an http: proxy',
    );
  }
  const server = `${url.protocol.replace('socks5h', 'socks5')}//${url.host}`;
  if (!username) return { server };
  const login = {
    username: decodeURIComponent(username),
    password: decodeURIComponent(password),
  };
  return { server, login };
}
