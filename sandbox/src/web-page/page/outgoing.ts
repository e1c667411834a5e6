import { line } from './line.js';
import { messageOf, noteMessage } from './messages.js';
import { Msg } from './stores.js';
import type { FileFacts, FileKind, Meeting, Outgoing, SealedFile } from './talk.js';
import { chatOf, MsgKey, type Wid } from './wid.js';

/** What whatsapp-web.js hands over to be sent. */
export interface RawMessage {
  id: MsgKey;
  to: Wid;
  type: string;
  body?: string;
  caption?: string;
  quotedStanzaID?: string;
  mentionedJidList?: Wid[];
  lat?: number;
  lng?: number;
  loc?: string;
  clientUrl?: string;
  vcardFormattedName?: string;
  vcardList?: { displayName: string; vcard: string }[];
  pollName?: string;
  pollOptions?: { name: string }[];
  pollSelectableOptionsCount?: number;
  eventName?: string;
  eventDescription?: string;
  /** Seconds since 1970. */
  eventStartTime?: number;
  eventEndTime?: number;
  eventLocation?: { name?: string };
  directPath?: string;
  mediaKey?: string;
  filehash?: string;
  encFilehash?: string;
  mimetype?: string;
  size?: number;
  filename?: string;
  width?: number;
  height?: number;
  duration?: string;
  waveform?: Uint8Array;
  isGif?: boolean;
  isViewOnce?: boolean;
  mediaBlob?: unknown;
  renderableUrl?: unknown;
}

export interface SendResult {
  messageSendResult: string;
  t: number;
}

/** Shows a message at once and sends it. @returns when it is shown, and what the server said */
export function addAndSend(raw: RawMessage): [Promise<Msg>, Promise<SendResult>] {
  const { mediaBlob: _, renderableUrl: __, ...shown } = raw;
  const what = contentOf(raw);
  const known = messageOf(raw.id.id);
  const msg = known ?? noteMessage(new Msg(shown));
  const { mentionedJidList: mentions = [] } = raw;
  const sent = deliver(msg, {
    id: raw.id.id,
    chat: chatOf(raw.to),
    ...(raw.quotedStanzaID && { quoted: raw.quotedStanzaID }),
    ...(mentions.length > 0 && { mentions: mentions.map(({ user }) => user) }),
    what,
  });
  return [Promise.resolve(msg), sent];
}

/** Sends something about another message. @throws when the phone refuses it */
export async function sendAbout(
  target: Msg,
  what: Extract<Outgoing['what'], { target: string }>,
  { chat = target.id.remote, mentions = [] }: { chat?: Wid; mentions?: Wid[] } = {},
): Promise<void> {
  await line.request('send', {
    id: await MsgKey.newId(),
    chat: chatOf(chat),
    ...(mentions.length > 0 && { mentions: mentions.map(({ user }) => user) }),
    what,
  });
}

async function deliver(msg: Msg, outgoing: Outgoing): Promise<SendResult> {
  try {
    const { ack } = await line.request('send', outgoing);
    if (ack > msg.ack || ack < 0) msg.set({ ack });
  } catch {
    msg.set({ ack: -1 });
  }
  if (msg.ack === 0) await settled(msg);
  return { messageSendResult: msg.ack > 0 ? 'OK' : 'ERROR_UNKNOWN', t: msg.t };
}

/** The server has taken it, or refused it. */
function settled(msg: Msg): Promise<void> {
  return new Promise((resolve) => msg.once('change:ack', () => resolve()));
}

function contentOf(raw: RawMessage): Outgoing['what'] {
  if (raw.directPath) return fileContent(raw);
  switch (raw.type) {
    case 'location': {
      const [name, address] = (raw.loc ?? '').split('\n');
      const { lat = 0, lng = 0, clientUrl } = raw;
      const beside = { ...(name && { name }), ...(address && { address }) };
      const place = { latitude: lat, longitude: lng, ...beside };
      return { kind: 'location', place: { ...place, ...(clientUrl && { url: clientUrl }) } };
    }
    case 'vcard': {
      const { vcardFormattedName: name = '', body: vcard = '' } = raw;
      return { kind: 'contact', contacts: [{ name, vcard }] };
    }
    case 'multi_vcard': {
      const cards = raw.vcardList ?? [];
      const contacts = cards.map(({ displayName, vcard }) => ({ name: displayName, vcard }));
      return { kind: 'contact', contacts };
    }
    case 'poll_creation': {
      const options = (raw.pollOptions ?? []).map(({ name }) => name);
      const selectableCount = raw.pollSelectableOptionsCount ?? 1;
      return { kind: 'poll', name: raw.pollName ?? '', options, selectableCount };
    }
    case 'event_creation':
      return { kind: 'event', event: meetingIn(raw) };
    case 'chat':
      return { kind: 'text', text: raw.body ?? '' };
    default:
      throw new Error(`this page cannot send a message of type ${raw.type}`);
  }
}

function meetingIn(raw: RawMessage): Meeting {
  const { eventName: name = '', eventDescription: description, eventLocation: place } = raw;
  const { eventStartTime = 0, eventEndTime } = raw;
  const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
  return {
    name,
    ...(description && { description }),
    startsAt: iso(eventStartTime),
    ...(eventEndTime && { endsAt: iso(eventEndTime) }),
    ...(place?.name && { place: { name: place.name } }),
  };
}

function fileContent(raw: RawMessage): Outgoing['what'] {
  const { type, duration, waveform, isGif, caption, isViewOnce } = raw;
  const kind = type === 'ptt' ? 'audio' : (type as FileKind);
  const { mimetype = 'image/webp', size = 0, filename, width, height, body } = raw;
  const facts: FileFacts = {
    kind,
    mimetype,
    size,
    ...(filename && kind === 'document' && { filename }),
    ...(width && { width }),
    ...(height && { height }),
    ...(duration && { seconds: Math.round(Number(duration)) }),
    ...(type === 'ptt' && { voice: true }),
    ...(waveform && { waveform: Array.from(waveform) }),
    ...(isGif && { gif: true }),
    ...(body && { thumbnail: body }),
  };
  const { directPath = '', mediaKey = '', filehash = '', encFilehash = '' } = raw;
  const sealed: SealedFile = { directPath, mediaKey, filehash, encFilehash };
  const beside = { ...(caption && { caption }), ...(isViewOnce && { viewOnce: true }) };
  return { kind: 'file', facts, sealed, ...beside };
}
