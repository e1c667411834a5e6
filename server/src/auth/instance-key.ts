import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Database } from '../db/database.js';
import type { SecretBox } from '../secrets/secret-box.js';

const SETTING = 'api_key_hash';
const COOKIE_LIFE = 30 * 24 * 60 * 60 * 1000;

/**
 * The key of the operator, an admin whom nothing limits: from the environment, else generated at first start. Only its
 * hash is stored, so it can be shown only when it is made.
 */
export class InstanceKey {
  private constructor(
    private readonly hash: Buffer,
    private readonly box: SecretBox,
    /** The key itself, when this start made it. */
    readonly generated: string | undefined,
  ) {}

  static async load(
    database: Database,
    box: SecretBox,
    options: { fromEnvironment?: string | undefined; renew?: boolean },
  ): Promise<InstanceKey> {
    if (options.fromEnvironment)
      return new InstanceKey(hashOf(options.fromEnvironment), box, undefined);
    const stored = await database.kysely
      .selectFrom('settings')
      .select('value')
      .where('key', '=', SETTING)
      .executeTakeFirst();
    if (stored && !options.renew)
      return new InstanceKey(Buffer.from(stored.value, 'hex'), box, undefined);
    const key = `pb_${randomBytes(24).toString('base64url')}`;
    const value = hashOf(key).toString('hex');
    const query = database.kysely
      .insertInto('settings')
      .values({ key: SETTING, value })
      .onConflict((c) => c.column('key').doUpdateSet({ value }));
    await database.write([{ query }]);
    return new InstanceKey(hashOf(key), box, key);
  }

  matches(key: string): boolean {
    return timingSafeEqual(hashOf(key), this.hash);
  }

  /** A cookie value that stands for the key until it expires or the key changes. */
  cookie(now = Date.now()): { value: string; maxAge: number } {
    const expires = String(now + COOKIE_LIFE);
    return { value: `${expires}.${this.signature(expires)}`, maxAge: COOKIE_LIFE / 1000 };
  }

  acceptsCookie(value: string, now = Date.now()): boolean {
    const [expires = '', signature = ''] = value.split('.');
    const expected = Buffer.from(this.signature(expires));
    const given = Buffer.from(signature);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
    return Number(expires) > now;
  }

  /** What proves, before there is a user, to have access to the machine; the same at each start. */
  setUpToken(): string {
    return this.box.sign('set-up of the first admin');
  }

  private signature(expires: string): string {
    return this.box.sign(`browser|${expires}|${this.hash.toString('hex')}`);
  }
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
