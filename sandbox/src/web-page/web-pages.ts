import { randomBytes, randomInt } from 'node:crypto';
import { LinkRefusal, parseLinkQr } from '../phone/link-qr.js';
import { normalizePairingCode } from '../phone/pairing-code.js';
import type { Phone } from '../phone/phone.js';
import type { Phones, PhonesEvent } from '../phone/phones.js';
import type { CompanionInfo, SandboxServer } from '../protocol/seam.js';
import type { Login } from './page/talk.js';
import { type PageLine, PageSession } from './page-session.js';

/** As long as WhatsApp Web shows one QR. */
const REF_MS = 20_000;
/** How long a page may take to keep its login. */
const KEEP_MS = 10_000;
/** Letters of pairing codes: none that is mistaken for another. */
const CODE_LETTERS = '123456789ABCDEFGHJKLMNPQRSTVWXYZ';

/** All pages that are open in browsers, linked or waiting for a phone. */
export class WebPages {
  /** Modules that whatsapp-web.js asked for in vain, each once. */
  readonly unknownModules = new Set<string>();
  private readonly sessions = new Set<PageSession>();
  private readonly waiting = new Map<PageSession, { ref: string; timer: NodeJS.Timeout }>();
  private readonly codes = new Map<PageSession, { phone: string; code: string }>();
  private readonly unsubscribe: () => void;

  constructor(
    readonly server: SandboxServer,
    private readonly phones: Phones,
  ) {
    this.unsubscribe = phones.subscribe((event) => this.notice(event));
  }

  /** A page has opened its websocket. */
  open(line: PageLine): PageSession {
    const session = new PageSession(this, line);
    this.sessions.add(session);
    return session;
  }

  close(): void {
    this.unsubscribe();
    for (const { timer } of this.waiting.values()) clearTimeout(timer);
  }

  /** @throws PhoneError `unknown_phone` */
  phone(phone: string): Phone {
    return this.phones.get(phone);
  }

  /** The phone that has linked a page with this login. */
  find(login: Login): Phone | undefined {
    const phone = this.phones.all().find((each) => each.phone === login.phone);
    return phone?.pages.knows(login) ? phone : undefined;
  }

  /** Gives a page that nobody has linked what to show in its QR, and something new after a while. */
  wait(session: PageSession): null {
    clearTimeout(this.waiting.get(session)?.timer);
    const ref = `2@${randomBytes(66).toString('base64')}`.replaceAll(',', '');
    const timer = setTimeout(() => this.wait(session), REF_MS).unref();
    this.waiting.set(session, { ref, timer });
    session.tell({ say: 'ref', ref });
    if (this.server.struckBy('page_idle')) {
      clearTimeout(timer);
      session.tell({ say: 'idle' });
    }
    return null;
  }

  /** A code that links the page once it is typed on the phone. */
  giveCode(session: PageSession, phone: string): string {
    const letters = Array.from({ length: 8 }, () => CODE_LETTERS[randomInt(CODE_LETTERS.length)]);
    const code = letters.join('');
    this.codes.set(session, { phone, code });
    return code;
  }

  /** Links whoever shows this QR, a page or a client on the wire. @throws LinkRefusal */
  async scan(phone: Phone, text: string): Promise<CompanionInfo> {
    const { ref, noiseKey, identityKey } = parseLinkQr(text);
    const session = [...this.waiting.keys()].find((each) => this.waiting.get(each)?.ref === ref);
    if (!session) return await phone.scan(text);
    const { noise, identity } = session.keys;
    const same = (key: Uint8Array, base64: string) =>
      Buffer.from(key).equals(Buffer.from(base64, 'base64'));
    if (!same(noiseKey, noise) || !same(identityKey, identity)) {
      throw new LinkRefusal('qr_mismatch', 'The keys in this QR are not those of the page.');
    }
    return await this.link(phone, session);
  }

  /** Links whoever shows this code and named the phone. @throws LinkRefusal */
  async pair(phone: Phone, typed: string): Promise<CompanionInfo> {
    const code = normalizePairingCode(typed);
    const asking = [...this.codes].filter(([, each]) => each.phone === phone.phone);
    const [session] = asking.find(([, each]) => each.code === code) ?? [];
    if (session) return await this.link(phone, session);
    if (asking.length > 0 && !this.server.findPairing(phone.phone)) {
      throw new LinkRefusal('code_wrong', 'This is not the code that the page shows.');
    }
    return await phone.pair(typed);
  }

  noteUnknown(name: string): void {
    this.unknownModules.add(name);
  }

  forget(session: PageSession): void {
    this.sessions.delete(session);
    this.stopWaiting(session);
  }

  private async link(phone: Phone, session: PageSession): Promise<CompanionInfo> {
    this.stopWaiting(session);
    const login = await phone.linkPage();
    const late = new Promise<never>((_, reject) => {
      const refusal = new LinkRefusal('refused', 'The page did not keep its login in time.');
      setTimeout(() => reject(refusal), KEEP_MS).unref();
    });
    try {
      await Promise.race([session.pair({ phone: phone.phone, ...login }), late]);
    } catch (error) {
      phone.unlink(login.device);
      throw error;
    }
    return phone.devices().find(({ device }) => device === login.device)!;
  }

  private stopWaiting(session: PageSession): void {
    clearTimeout(this.waiting.get(session)?.timer);
    this.waiting.delete(session);
    this.codes.delete(session);
  }

  private notice(event: PhonesEvent): void {
    for (const session of this.sessions) session.notice(event);
  }
}
