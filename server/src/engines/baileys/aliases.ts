import { isLidJid, isPnJid, isSameUser, lidJidOf, pnJidOf, userOf } from '../../whatsapp/jid.js';
import type { AuthenticationState, SignalDataTypeMap } from './baileys.js';

const MAX_ALIASES = 2_000;

/**
 * PN to LID and back, from what Baileys has learnt and stored. rc14's own `getLIDForPN` asks
 * WhatsApp about every number that it does not know (`lib/Signal/lid-mapping.js`); this does not.
 */
export class Aliases {
  readonly #known = new Map<string, string>();

  constructor(private readonly auth: AuthenticationState) {}

  /** The other name of a person; undefined for groups and where none is known. */
  of = async (jid: string): Promise<string | undefined> => {
    const { me } = this.auth.creds;
    if (me?.lid && isSameUser(jid, me.id)) return lidJidOf(userOf(me.lid) ?? '');
    if (me?.lid && isSameUser(jid, me.lid)) return pnJidOf(userOf(me.id) ?? '');
    const user = userOf(jid);
    if (!user || !(isPnJid(jid) || isLidJid(jid))) return undefined;
    const known = this.#known.get(jid);
    if (known) return known;
    const id = isLidJid(jid) ? `${user}_reverse` : user;
    const found: Record<string, SignalDataTypeMap['lid-mapping']> = await this.auth.keys.get(
      'lid-mapping',
      [id],
    );
    const other = found[id];
    if (!other) return undefined;
    const alias = isLidJid(jid) ? pnJidOf(other) : lidJidOf(other);
    this.#remember(jid, alias);
    return alias;
  };

  /** A person's LID may change; what was remembered of it is then wrong. */
  forget(pnUser: string): void {
    const pn = pnJidOf(pnUser);
    const lid = this.#known.get(pn);
    this.#known.delete(pn);
    if (lid) this.#known.delete(lid);
  }

  #remember(jid: string, alias: string): void {
    this.#known.set(jid, alias);
    const oldest = this.#known.size > MAX_ALIASES && this.#known.keys().next();
    if (oldest && !oldest.done) this.#known.delete(oldest.value);
  }
}
