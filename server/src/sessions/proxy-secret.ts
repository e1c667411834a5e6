import type { ChangeSessionSettings, SessionSettings } from '@patchbay/contract';
import type { SecretBox } from '../secrets/secret-box.js';

/** Stands for a password in answers. */
const HIDDEN = '***';
const SEALED = 'sealed:';

/** The settings as they are stored: a proxy's URL, which may have a password, is sealed. */
export function sealed(
  set: ChangeSessionSettings,
  box: SecretBox,
  sessionId: string,
): ChangeSessionSettings {
  const url = set.connection?.proxyUrl;
  if (!url) return set;
  const bytes = box.seal(Buffer.from(url), place(sessionId));
  const proxyUrl = SEALED + Buffer.from(bytes).toString('base64url');
  return { ...set, connection: { ...set.connection, proxyUrl } };
}

/** The way back; what was stored in another form is taken as it is. */
export function opened(
  stored: ChangeSessionSettings,
  box: SecretBox,
  sessionId: string,
): ChangeSessionSettings {
  const url = stored.connection?.proxyUrl;
  if (!url?.startsWith(SEALED)) return stored;
  const bytes = Buffer.from(url.slice(SEALED.length), 'base64url');
  const proxyUrl = Buffer.from(box.open(bytes, place(sessionId))).toString();
  return { ...stored, connection: { ...stored.connection, proxyUrl } };
}

/** As answers show it: without the proxy's password. */
export function shown(settings: SessionSettings): SessionSettings {
  const { proxyUrl } = settings.connection;
  return {
    ...settings,
    connection: { ...settings.connection, proxyUrl: proxyUrl && withoutPassword(proxyUrl) },
  };
}

/** A client that gives back what it was shown means the password that is there. */
export function withKnownPassword(
  change: ChangeSessionSettings,
  before: SessionSettings,
): ChangeSessionSettings {
  const known = before.connection.proxyUrl;
  const { proxyUrl, ...others } = change.connection ?? {};
  if (!proxyUrl || !known || withoutPassword(known) !== proxyUrl || proxyUrl === known) {
    return change;
  }
  return { ...change, connection: others };
}

function withoutPassword(text: string): string {
  const url = new URL(text);
  if (!url.password) return text;
  url.password = HIDDEN;
  return url.href;
}

function place(sessionId: string): string {
  return `proxy/${sessionId}`;
}
