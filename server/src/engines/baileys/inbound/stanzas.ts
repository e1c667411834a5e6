import { isSwitchedOff } from '../../../unsafe.js';
import type { EngineEvent } from '../../engine-events.js';
import { type BinaryNode, decodeBinaryNode, encodeBinaryNode } from '../baileys.js';
import { eventFromCall } from '../from-baileys/calls.js';
import { InboundMessages, type MessageSurroundings } from './messages.js';
import { eventFromReceipt } from './stanza-events.js';

type Listener = (node: BinaryNode) => Promise<void>;

/** Part of linking by pairing code: of no use to a later connection. */
const NOT_KEPT = ['link_code_companion_reg'];

/**
 * All stanzas of a connection that WhatsApp wants acknowledged: whatever they bring is stored before
 * Baileys acknowledges them.
 *
 * Receipts and calls are read off the wire and stored, then given to Baileys. Notifications mean many
 * things, which only Baileys knows, so the stanza itself is kept until its consequences are stored;
 * after a death in between, `replay` gives it to Baileys again.
 */
export class InboundStanzas {
  readonly messages: InboundMessages;
  readonly #notify: Listener;

  constructor(private readonly around: MessageSurroundings) {
    this.messages = new InboundMessages(around);
    const { ws } = around.sock;
    this.#takeOver('CB:message');
    ws.on('CB:message', this.messages.take);
    this.#storeFirst('CB:receipt', (node) => {
      const self = around.view.me();
      return self && eventFromReceipt(node, self);
    });
    this.#storeFirst('CB:call', eventFromCall);
    this.#notify = this.#takeOver('CB:notification');
    ws.on('CB:notification', (node: BinaryNode) =>
      this.#onNotification(node).catch(around.onFailure),
    );
  }

  /** Works off the notifications that an earlier connection left; those that came again are done. */
  async replay(): Promise<void> {
    for (const { id, stanza } of await this.around.host.journal.kept()) {
      await this.#workOff(id, await decodeBinaryNode(Buffer.from(stanza)));
    }
  }

  /** Takes rc14's own listener away and returns it. */
  #takeOver(event: string): Listener {
    const { ws } = this.around.sock;
    const [theirs, ...others] = ws.listeners(event) as Listener[];
    if (!theirs || others.length > 0) throw new Error(`Baileys has changed: listeners of ${event}`);
    ws.removeAllListeners(event);
    return theirs;
  }

  #storeFirst(name: string, read: (node: BinaryNode) => EngineEvent | undefined): void {
    const theirs = this.#takeOver(name);
    const { sock, store, onFailure } = this.around;
    sock.ws.on(name, async (node: BinaryNode) => {
      const event = this.around.ignores(node.attrs.from ?? '') ? undefined : read(node);
      if (isSwitchedOff('ack-after-commit')) await theirs(node);
      try {
        if (event) await store(event);
      } catch (error) {
        return onFailure(error);
      }
      if (!isSwitchedOff('ack-after-commit')) await theirs(node);
    });
  }

  async #onNotification(node: BinaryNode): Promise<void> {
    const { type, id } = node.attrs;
    if (!id || NOT_KEPT.includes(type ?? '')) return this.#notify(node);
    const name = `${type}/${id}`;
    await this.around.host.journal.keep(name, encodeBinaryNode(node));
    await this.#workOff(name, node);
  }

  async #workOff(name: string, node: BinaryNode): Promise<void> {
    // rc14 would put what waited for us into a queue of its own, whose end nobody is told of.
    const { offline: _, ...attrs } = node.attrs;
    await this.#notify({ ...node, attrs });
    await this.around.eventsStored();
    await this.around.host.journal.forget([name]);
  }
}
