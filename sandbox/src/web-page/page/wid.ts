/** Somebody or a group, as WhatsApp Web names them; phones are `<digits>@c.us`. */
export class Wid {
  readonly server: string;
  readonly user: string;
  readonly _serialized: string;

  constructor(serialized: string) {
    const [user = '', server = ''] = serialized.replace('@s.whatsapp.net', '@c.us').split('@');
    if (!user || !server) throw new Error(`wid error: invalid wid ${serialized}`);
    this.user = user;
    this.server = server;
    this._serialized = `${user}@${server}`;
  }

  isLid(): boolean {
    return this.server === 'lid';
  }

  isUser(): boolean {
    return this.server === 'c.us' || this.isLid();
  }

  isGroup(): boolean {
    return this.server === 'g.us';
  }

  isStatus(): boolean {
    return this._serialized === 'status@broadcast';
  }

  isBroadcast(): boolean {
    return this.server === 'broadcast';
  }

  isNewsletter(): boolean {
    return this.server === 'newsletter';
  }

  toString(): string {
    return this._serialized;
  }

  toJid(): string {
    return this._serialized.replace('@c.us', '@s.whatsapp.net');
  }
}

export type WidLike = Wid | string | { _serialized: string };

export function createWid(like: WidLike): Wid {
  if (like instanceof Wid) return like;
  return new Wid(typeof like === 'string' ? like : like._serialized);
}

export const phoneWid = (phone: string): Wid => new Wid(`${phone}@c.us`);

/** A chat of the phone: digits, or a jid that many read. */
export const chatWid = (chat: string): Wid => new Wid(chat.includes('@') ? chat : `${chat}@c.us`);

/** How the phone names a chat: digits, or the jid. */
export const chatOf = (wid: Wid): string => (wid.server === 'c.us' ? wid.user : wid._serialized);

const ID_BYTES = 9;

/** What names a message; the module of this name is the class itself. */
export class MsgKey {
  readonly fromMe: boolean;
  readonly remote: Wid;
  readonly id: string;
  readonly participant?: Wid;
  readonly _serialized: string;

  constructor(parts: {
    from: Wid;
    to: Wid;
    id: string;
    participant?: Wid | undefined;
    selfDir?: 'in' | 'out';
  }) {
    const { from, to, id, participant, selfDir } = parts;
    this.fromMe = selfDir === 'out';
    this.remote = this.fromMe ? to : from;
    this.id = id;
    if (participant) this.participant = participant;
    const author = participant ? `_${participant}` : '';
    this._serialized = `${this.fromMe}_${this.remote}_${id}${author}`;
  }

  static async newId(): Promise<string> {
    const bytes = crypto.getRandomValues(new Uint8Array(ID_BYTES));
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return `3EB0${hex.toUpperCase()}`;
  }

  static fromString(serialized: string): MsgKey {
    const [fromMe, remote = '', id = '', participant] = serialized.split('_');
    const chat = createWid(remote);
    return new MsgKey({
      from: chat,
      to: chat,
      id,
      participant: participant ? createWid(participant) : undefined,
      selfDir: fromMe === 'true' ? 'out' : 'in',
    });
  }

  toString(): string {
    return this._serialized;
  }
}
