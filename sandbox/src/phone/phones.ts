import { EventEmitter } from 'node:events';
import type { SandboxServer } from '../protocol/seam.js';
import { Directory } from './directory.js';
import { Phone } from './phone.js';
import type { PhoneEvent } from './phone-context.js';
import { PhoneError } from './phone-error.js';

/** A phone's event, or `phone`: one was added or renamed. */
export type PhonesEvent = { phone: string } & (PhoneEvent | { type: 'phone' });

/** All simulated phones of a sandbox. */
export class Phones {
  readonly directory: Directory;
  private readonly phones = new Map<string, Phone>();
  private readonly events = new EventEmitter<{ event: [PhonesEvent] }>().setMaxListeners(0);

  private constructor(private readonly server: SandboxServer) {
    this.directory = new Directory(server);
  }

  /** Opens the phones of all accounts that the server knows. */
  static async open(server: SandboxServer): Promise<Phones> {
    const phones = new Phones(server);
    await Promise.all(server.accounts().map(({ phone }) => phones.start(phone)));
    return phones;
  }

  /** Adds a phone, or renames it when the number exists. */
  async add(phone: string, name: string): Promise<{ phone: Phone; created: boolean }> {
    const known = this.phones.get(phone);
    this.server.createAccount(phone, name);
    const opened = known ?? (await this.start(phone));
    this.tell({ phone, type: 'phone' });
    return { phone: opened, created: known === undefined };
  }

  /** @throws PhoneError `unknown_phone` */
  get(phone: string): Phone {
    const found = this.phones.get(phone);
    if (!found) throw new PhoneError('unknown_phone', `There is no phone ${phone}. Add it first.`);
    return found;
  }

  all(): Phone[] {
    return [...this.phones.values()];
  }

  /** Resolves when no phone has work of its own left, or at the deadline (milliseconds since 1970). */
  async idle(deadline: number): Promise<void> {
    await Promise.all(this.all().map((phone) => phone.idle(deadline)));
  }

  /** @returns a function that ends the subscription */
  subscribe(listener: (event: PhonesEvent) => void): () => void {
    this.events.on('event', listener);
    return () => this.events.off('event', listener);
  }

  close(): void {
    for (const phone of this.phones.values()) phone.close();
  }

  private async start(phone: string): Promise<Phone> {
    const opened = new Phone(this.server, this.directory, phone, (event) =>
      this.tell({ phone, ...event }),
    );
    this.phones.set(phone, opened);
    await opened.open();
    return opened;
  }

  private tell(event: PhonesEvent): void {
    this.events.emit('event', event);
  }
}
