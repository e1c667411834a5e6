/** A place, or where somebody is at the moment. */
export interface ShownPlace {
  latitude: number;
  longitude: number;
  name?: string;
  address?: string;
  url?: string;
  live?: boolean;
  caption?: string;
  accuracy?: number;
  speed?: number;
  heading?: number;
  sequence?: number;
}

export interface ShownEvent {
  name: string;
  description?: string;
  /** ISO 8601. */
  startsAt: string;
  endsAt?: string;
  place?: { name?: string; address?: string };
  joinLink?: string;
  canceled?: boolean;
  extraGuestsAllowed?: boolean;
}

export type Response = 'going' | 'not_going' | 'maybe';

/** What a message says by its kind, and what it carries beside. */
export interface ShownFields {
  /** Card under a text: the link that it is about, and what was found there. */
  preview?: { url: string; title?: string; description?: string; thumbnail?: string };
  /** Of status posts: `#RRGGBB`. */
  background?: string;
  font?: number;
  place?: ShownPlace;
  contacts?: { name: string; vcard: string }[];
  poll?: { options: string[]; selectableCount: number };
  event?: ShownEvent;
  invite?: { group: string; subject: string; code: string; expiresAt?: string };
  /** Of messages about another one: which. */
  target?: string;
  /** Of a vote, once decrypted. */
  vote?: string[];
  response?: { response: Response; extraGuests: number };
  pinned?: boolean;
  /** Of a changed timer, and of a pin: seconds. */
  seconds?: number;

  quoted?: { id: string; from: string; text: string };
  /** Phone digits. */
  mentions?: string[];
  /** How often it was passed on. */
  forwarded?: number;
  viewOnce?: boolean;
  /** Seconds after which it disappears. */
  expiresIn?: number;
}

/** Kinds that say something about another message and are none of their own. */
const ACTION_KINDS = ['reaction', 'edit', 'revoke', 'poll_vote', 'event_response', 'pin'] as const;

export type MessageKind =
  | 'text'
  | 'image'
  | 'video'
  | 'audio'
  | 'document'
  | 'sticker'
  | 'location'
  | 'contact'
  | 'poll'
  | 'event'
  | 'group_invite'
  | 'timer'
  | 'other'
  | (typeof ACTION_KINDS)[number];

export function isAction(kind: MessageKind): boolean {
  return (ACTION_KINDS as readonly string[]).includes(kind);
}
