import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';
import type { SecretBox } from '../secrets/secret-box.js';

const SETTING = 'api_key_hash';
/** When the operator has signed out everywhere, the last time. */
const SIGNED_OUT = 'operator_signed_out_at';
const COOKIE_LIFE = 30 * 24 * 60 * 60 * 1000;

/**
 * The key of the operator, an admin whom nothing limits: from the environment, else generated at first start. Only its
 * hash is stored, so it can be shown only when it is made.
 */
export class InstanceKey {
  private constructor(
    private hash: Buffer,
    private readonly box: SecretBox,
    /** The key itself, when this start made it. */
    readonly generated: string | undefined,
    private signedOutAt: string,
  ) {}

  static async load(
    database: Database,
    box: SecretBox,
    options: { fromEnvironment?: string | undefined },
  ): Promise<InstanceKey> {
    const [stored, out = ''] = await InstanceKey.stored(database);
    if (options.fromEnvironment)
      return new InstanceKey(hashOf(options.fromEnvironment), box, undefined, out);
    if (stored) return new InstanceKey(Buffer.from(stored, 'hex'), box, undefined, out);
    const key = `pb_${randomBytes(24).toString('base64url')}`;
    const value = hashOf(key).toString('hex');
    const query = database.kysely
      .insertInto('settings')
      .values({ key: SETTING, value })
      .onConflict((c) => c.doNothing());
    const { applied } = await database.write([{ query, whenUnchanged: 'stop' }]);
    // Another process that starts at this moment has made one.
    if (!applied) return await InstanceKey.load(database, box, options);
    return new InstanceKey(hashOf(key), box, key, out);
  }

  /** Another process may have made another key, or the operator signed out there. */
  async reload(database: Database, fromEnvironment: string | undefined): Promise<void> {
    const [stored, out = ''] = await InstanceKey.stored(database);
    if (stored && !fromEnvironment) this.hash = Buffer.from(stored, 'hex');
    this.signedOutAt = out;
  }

  private static async stored(database: Database): Promise<(string | undefined)[]> {
    const rows = await database.kysely
      .selectFrom('settings')
      .selectAll()
      .where('key', 'in', [SETTING, SIGNED_OUT])
      .execute();
    return [SETTING, SIGNED_OUT].map((name) => rows.find(({ key }) => key === name)?.value);
  }

  /** What the key has given out stands as long as this is the same. */
  get proof(): string {
    return this.box.sign(`operator|${this.hash.toString('hex')}|${this.signedOutAt}`);
  }

  /** The step that ends what the key has given out, and what is to be called when it is written. */
  signingOut(database: Database): { step: WriteStep; done(): void } {
    const value = `${Date.now()}.${randomBytes(8).toString('hex')}`;
    const query = database.kysely
      .insertInto('settings')
      .values({ key: SIGNED_OUT, value })
      .onConflict((c) => c.column('key').doUpdateSet({ value }));
    return {
      step: { query },
      done: () => {
        this.signedOutAt = value;
      },
    };
  }

  matches(key: string): boolean {
    return timingSafeEqual(hashOf(key), this.hash);
  }

  /** A cookie value that stands for the key until it expires or the key changes. */
  cookie(now = Date.now()): { value: string; maxAge: number } {
    const expires = String(now + COOKIE_LIFE);
    return { value: `${expires}.${this.signature(expires)}`, maxAge: COOKIE_LIFE / 1000 };
  }

  /** Until when a cookie of ours stands (ms since the epoch); undefined: it is none, or has ended. */
  cookieExpiry(value: string, now = Date.now()): number | undefined {
    const [expires = '', signature = ''] = value.split('.');
    const expected = Buffer.from(this.signature(expires));
    const given = Buffer.from(signature);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    return Number(expires) > now ? Number(expires) : undefined;
  }

  /** What proves, before there is a user, to have access to the machine; the same at each start. */
  setUpToken(): string {
    return this.box.sign('set-up of the first admin');
  }

  private signature(expires: string): string {
    return this.box.sign(`browser|${expires}|${this.proof}`);
  }
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
