import type { EngineAbilities } from '../engine-abilities.js';
import { EngineError } from '../engine-error.js';
import { abilityFailure } from './ability-failure.js';
import type { WASocket } from './baileys.js';
import { BaileysChats, BaileysHistory, BaileysLabels } from './baileys-chats.js';
import { BaileysContacts } from './baileys-contacts.js';
import { BaileysGroups } from './baileys-groups.js';
import type { ConnectionView } from './socket-events.js';
import type { Transport } from './transport.js';

export interface AskedConnection {
  sock: WASocket;
  view: ConnectionView;
}

/** Puts a question to the connection; rejects with `EngineError`, also when it ends meanwhile. */
export type Ask = <T>(question: (connection: AskedConnection) => Promise<T>) => Promise<T>;

/** What rc14 can do beside sending and receiving. */
export function baileysAbilities(
  askConnection: Ask,
  { dispatcher }: Transport,
): Required<EngineAbilities> {
  const ask: Ask = (question) =>
    askConnection(question).catch((error) => {
      throw abilityFailure(error);
    });
  return {
    groups: new BaileysGroups(ask),
    contacts: new BaileysContacts(ask, dispatcher),
    chats: new BaileysChats(ask),
    labels: new BaileysLabels(ask),
    history: new BaileysHistory(ask),
    presence: { watch: (jid) => ask(({ sock }) => sock.presenceSubscribe(jid)) },
    calls: {
      reject: (callId) =>
        ask(async ({ sock, view }) => {
          const from = view.ringing.deviceOf(callId);
          if (!from) throw new EngineError('not-found', 'No such call rings now', true);
          await sock.rejectCall(callId, from);
          view.ringing.ended(callId);
        }),
    },
  };
}
