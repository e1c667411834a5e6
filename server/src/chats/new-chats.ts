import type { SessionScope } from '../auth/principal.js';
import { ApiError } from '../http/api-error.js';
import type { SessionAbilities } from '../sessions/session-abilities.js';
import { pnJidOf } from '../whatsapp/jid.js';
import { phoneDigits } from './chat-address.js';
import type { ChatStore } from './chat-store.js';

/** Chats that begin here, with a phone number, before anything was said in them. */
export class NewChats {
  constructor(
    private readonly chats: ChatStore,
    private readonly abilities: SessionAbilities,
  ) {}

  /**
   * The id of the chat with a number; one that has none yet is looked up on WhatsApp first, which may
   * name it otherwise (as in Brazil).
   * @throws ApiError `invalid_phone`, `not_on_whatsapp`, `session_not_connected` ...
   */
  async start(session: SessionScope, phone: string): Promise<string> {
    const digits = phoneDigits(phone);
    const known = await this.chats.addresses.resolve(session, { jid: pnJidOf(digits) });
    if (known.exists) return known.id;
    const [found] = await this.abilities.use(session, 'contacts', (contacts) =>
      contacts.check([digits]),
    );
    if (!found?.exists) {
      throw new ApiError('not_on_whatsapp', `+${digits} is not registered on WhatsApp`);
    }
    const address = { jid: found.jid ?? pnJidOf(digits) };
    const { chatId } = await this.chats.addresses.write(session, address, (chat) => [
      ...this.chats.ensure(session.id, chat),
      this.chats.stillLeads(session.id, chat),
    ]);
    return chatId;
  }
}
