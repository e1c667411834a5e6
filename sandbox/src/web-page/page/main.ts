import { noteSettings } from './chat-settings.js';
import { noteGroup, noteGroupEvent } from './groups.js';
import { takeAck, takeEntry, takeHistory, takeRead } from './incoming.js';
import { line } from './line.js';
import { forgetKept, keep, readKept } from './login-store.js';
import { calls } from './modules/people.js';
import { offerModules } from './modules.js';
import { Cmd, Conn, isLinked, me, noteContact, Socket } from './stores.js';
import type { ToPage } from './talk.js';
import { phoneWid } from './wid.js';

/** The page's life: from the login that is kept, or the QR, to messages coming and going. */

const kept = await readKept();
/** How much of the phone's log this document has. */
let has = 0;
/** Messages that overtake the welcome's own work wait for it. */
let work: Promise<void> = Promise.resolve();

line.onOpen = () => {
  const { noise, identity } = kept.keys;
  const keys = { noise, identity };
  line.say({ say: 'hello', keys, ...(kept.login && { login: kept.login, entries: has }) });
};
line.onClosed = () => {
  if (isLinked() && Socket.state === 'CONNECTED') Socket.set({ state: 'OPENING' });
};
line.onMessage = (message) => {
  work = work.then(() => take(message)).catch((error: unknown) => console.error(error));
};
Socket.logout = async () => {
  await line.request('unlink', {});
  await forgetKept();
};
Socket.takeover = () => line.onOpen();
Socket.reconnect = () => line.onOpen();

offerModules(kept);
line.open();

async function take(message: ToPage): Promise<void> {
  switch (message.say) {
    case 'ref':
      // First: who sees the state change reads the QR at once.
      Conn.set({ ref: message.ref });
      if (['OPENING', 'UNPAIRED_IDLE'].includes(Socket.state)) Socket.set({ state: 'UNPAIRED' });
      break;
    case 'idle':
      Socket.set({ state: 'UNPAIRED_IDLE' });
      break;
    case 'paired':
      Socket.set({ state: 'PAIRING' });
      kept.login = message.login;
      await keep(kept);
      line.say({ say: 'kept', os: deviceName() });
      break;
    case 'unpaired':
      await leave();
      break;
    case 'conflict':
      Socket.set({ state: 'CONFLICT' });
      break;
    case 'welcome':
      welcome(message);
      break;
    case 'entry':
      has = message.length;
      takeEntry(message.entry);
      break;
    case 'ack':
      takeAck(message.id, message.ack);
      break;
    case 'read':
      takeRead(message.id);
      break;
    case 'person':
      noteContact(message.person);
      break;
    case 'settings':
      noteSettings(message.chats);
      break;
    case 'group':
      if (message.group) noteGroup(message.group);
      if (message.event) await noteGroupEvent(message.event);
      break;
    case 'call':
      ring(message.call);
      break;
    case 'fault':
      suffer(message);
  }
}

/** As the library may have named it, who replaces this function. */
function deviceName(): string {
  const page = window as unknown as { require: (name: string) => { info: () => { os: string } } };
  return page.require('WAWebMiscBrowserUtils').info().os;
}

function welcome(message: Extract<ToPage, { say: 'welcome' }>): void {
  const again = isLinked();
  noteContact(message.me, true);
  for (const person of message.people) noteContact(person);
  for (const group of message.groups) noteGroup(group);
  Conn.set({ pushname: message.me.name, wid: me().id });
  if (again) for (const entry of message.entries) takeEntry(entry);
  else takeHistory(message.entries);
  noteSettings(message.settings);
  has = message.length;
  for (const [id, ack] of message.acks) takeAck(id, ack);
  if (message.early) Socket.set({ hasSynced: true });
  Socket.set({ state: 'CONNECTED' });
  line.sendAgain();
  if (!again && !message.early) {
    void Socket.heard('change:hasSynced').then(() => Socket.set({ hasSynced: true }));
  }
}

/** The phone has unlinked this device. */
async function leave(): Promise<void> {
  const wasIn = isLinked();
  delete kept.login;
  await forgetKept();
  if (!wasIn) {
    line.onOpen();
    return;
  }
  Cmd.trigger('logout');
  location.replace('/?post_logout=1&logout_reason=0');
}

function ring(call: Extract<ToPage, { say: 'call' }>['call']): void {
  calls.calls.set(call.id, {
    id: call.id,
    peerJid: phoneWid(call.with),
    isVideo: call.video,
    isGroup: false,
    canHandleLocally: false,
    outgoing: false,
    webClientShouldHandle: false,
    participants: [],
  });
}

function suffer(fault: Extract<ToPage, { say: 'fault' }>): void {
  switch (fault.kind) {
    case 'page_reload':
      location.reload();
      return;
    case 'page_hang': {
      // A synchronous request that is answered late: the renderer stands still and costs nothing.
      const request = new XMLHttpRequest();
      request.open('GET', `/stall${fault.forMs === undefined ? '' : `?ms=${fault.forMs}`}`, false);
      request.send();
      return;
    }
    case 'page_resync':
      Socket.set({ hasSynced: false });
      Socket.set({ hasSynced: true });
      return;
    case 'page_state':
      Socket.set({ state: fault.state });
  }
}
