import type { Config } from '../config.js';
import type { Database } from '../db/database.js';
import type { Wakeup } from '../event-log/wakeup.js';
import type { SecretBox } from '../secrets/secret-box.js';
import { ApiKeys } from './api-keys.js';
import { Audit } from './audit.js';
import { BearerTokens } from './bearer-tokens.js';
import { Credentials } from './credentials.js';
import { InstanceKey } from './instance-key.js';
import { Logins } from './logins.js';
import { OneTimeLinks } from './one-time-links.js';
import { ProcessSecret } from './process-secret.js';
import { RateLimits } from './rate-limits.js';
import { SessionAccess } from './session-access.js';
import { Users } from './users.js';

/** Until what could not be read is read again (ms). */
const READ_AGAIN = 1000;

/**
 * Builds what knows who may do what.
 * @param ownerOf the user whose session it is; undefined: there is none
 */
export async function buildAccess(
  database: Database,
  box: SecretBox,
  config: Pick<Config, 'apiKey' | 'rateLimit' | 'sessionProcess'>,
  wakeup: Wakeup,
  ownerOf: (sessionId: string) => Promise<string | undefined>,
) {
  const instanceKey = await InstanceKey.load(database, box, { fromEnvironment: config.apiKey });
  const access = new SessionAccess(database, ownerOf, wakeup);
  await access.load();
  const bearers = new BearerTokens(box);
  const credentials = new Credentials(database, instanceKey, bearers, access, wakeup);
  const readAgain = () => {
    credentials.forget();
    const again = async () => {
      await instanceKey.reload(database, config.apiKey);
      await access.load();
    };
    again().catch(() => setTimeout(readAgain, READ_AGAIN).unref());
  };
  wakeup.onChanged('access', readAgain);
  const audit = new Audit(database);
  const users = new Users({ database, instanceKey, access, credentials, audit });
  const parts: object[] = [
    instanceKey,
    access,
    bearers,
    new RateLimits(config.rateLimit, database.notices),
    new ProcessSecret(config.sessionProcess?.secret),
    credentials,
    audit,
    users,
    new Logins(database, users, audit, credentials),
    new OneTimeLinks(database, users, audit),
    new ApiKeys(database, access, credentials, audit),
  ];
  return { instanceKey, access, credentials, audit, users, parts };
}
