import { join } from 'node:path';
import { mustAnswer } from './http.js';
import { Program } from './program.js';

/** A message as a simulated phone shows it. */
export interface PhoneMessage {
  id: string;
  /** The other side's phone digits, or a group's jid. */
  chat: string;
  from: string;
  fromMe: boolean;
  kind: string;
  text: string;
  status: 'pending' | 'sent' | 'delivered' | 'read' | 'failed';
}

export interface WaitingStanza {
  id: string;
  tag: string;
  deliveries: number;
}

export interface DeviceQueue {
  phone: string;
  device: number;
  connected: boolean;
  stanzas: WaitingStanza[];
  counts: { nacked: number; superseded: number };
}

export interface Fault {
  kind: string;
  phone: string;
  device?: number;
  times?: number;
  forMs?: number;
}

type Info = Pick<SandboxProgram, 'wsUrl' | 'rootPublicKey' | 'webPage'>;

/** The stand-in for WhatsApp, and the phones: started again on the same port and the same world. */
export class SandboxProgram {
  private starts = 0;
  private port = '0';
  private program: Program | undefined;
  wsUrl = '';
  rootPublicKey = '';
  /** For sessions in a browser. */
  webPage = { host: '', spki: '' };
  controlUrl = '';

  /** @param isWitness whether it notes what every client says */
  constructor(
    private readonly folder: string,
    private readonly isWitness = false,
  ) {}

  /** Of each of its lives, what it has noted, in order. */
  get testimonies(): string[] {
    return Array.from({ length: this.starts }, (_, index) => this.witnessFile(index + 1));
  }

  async start(): Promise<void> {
    this.starts += 1;
    const noting = this.isWitness ? ['--witness', this.witnessFile(this.starts)] : [];
    this.program = Program.start('sandbox/dist/main.js', {
      args: ['--port', this.port, '--data', join(this.folder, 'sandbox'), '--empty', ...noting],
      logFile: join(this.folder, `sandbox-${String(this.starts).padStart(3, '0')}.log`),
    });
    const url = await this.program.ready();
    if (!url) throw new Error(`the sandbox does not start:\n${this.program.printed}`);
    this.controlUrl = url;
    this.port = new URL(url).port;
    const info = await this.call<Info>('GET', '/api/info');
    this.wsUrl = info.wsUrl;
    this.rootPublicKey = info.rootPublicKey;
    this.webPage = info.webPage;
  }

  async kill(): Promise<void> {
    await this.program?.kill();
  }

  addPhone(phone: string): Promise<unknown> {
    return this.call('POST', '/api/phones', { phone, name: `Phone ${phone.slice(-3)}` });
  }

  /** Unlinks all devices of a phone. */
  async forgetDevices(phone: string): Promise<void> {
    const path = `/api/phones/${phone}/devices`;
    const { devices } = await this.call<{ devices: { device: number }[] }>('GET', path);
    for (const { device } of devices) await this.call('DELETE', `${path}/${device}`);
  }

  async addGroup(subject: string, participants: string[]): Promise<string> {
    const group = await this.call<{ id: string }>('POST', '/api/groups', { subject, participants });
    return group.id;
  }

  /** Writes a text; resolves with the message's id once the phone's step is on its disk. */
  async write(phone: string, to: string, text: string): Promise<string> {
    const path = `/api/phones/${phone}/messages`;
    return (await this.call<{ id: string }>('POST', path, { to, text })).id;
  }

  /** Reacts to a message; no emoji takes the reaction back. */
  react(phone: string, to: string, messageId: string, emoji: string): Promise<unknown> {
    const path = `/api/phones/${phone}/messages`;
    return this.call('POST', path, { to, reaction: { messageId, emoji } });
  }

  /** Reads a chat on the phone, which tells the authors. */
  read(phone: string, chat: string): Promise<unknown> {
    return this.call('POST', `/api/phones/${phone}/read`, { chat });
  }

  async messagesOf(phone: string): Promise<PhoneMessage[]> {
    const path = `/api/phones/${phone}/messages`;
    return (await this.call<{ messages: PhoneMessage[] }>('GET', path)).messages;
  }

  async queues(): Promise<DeviceQueue[]> {
    return (await this.call<{ queues: DeviceQueue[] }>('GET', '/api/queues')).queues;
  }

  /** From now on nobody hears that this phone got a message. */
  loseReceipts(phone: string): Promise<unknown> {
    return this.addFault({ kind: 'receipt_lost', phone, device: 0, times: 1_000_000 });
  }

  addFault(fault: Fault): Promise<unknown> {
    return this.call('POST', '/api/faults', fault);
  }

  clearFaults(): Promise<unknown> {
    return this.call('DELETE', '/api/faults');
  }

  private witnessFile(start: number): string {
    return join(this.folder, `heard-${String(start).padStart(3, '0')}.jsonl`);
  }

  private call<Body>(method: string, path: string, body?: object): Promise<Body> {
    return mustAnswer<Body>(method, this.controlUrl + path, body && { body });
  }
}
