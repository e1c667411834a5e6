import { Random } from './random.js';
import type { SandboxProgram } from './sandbox-program.js';
import type { ServerProgram } from './server-program.js';

/** One author writing into one chat, message after message: within a lane, order must be kept. */
export interface Lane {
  id: string;
  author: string;
  /** Through the HTTP API of the author's session, or on the author's phone. */
  via: 'api' | 'phone';
  /** The other's phone, or a group's jid. */
  chat: string;
  /** Phones of all who are in the chat, the author among them. */
  members: string[];
}

/** Who takes part. */
export interface Cast {
  /** Session id by phone. */
  sessions: Map<string, string>;
  /** Phones without a session of ours. */
  contacts: string[];
  lanes: Lane[];
}

const SESSIONS = 10;
const CONTACTS = 6;

const sessionPhone = (index: number) => `9991000${String(index).padStart(4, '0')}`;
const contactPhone = (index: number) => `9992000${String(index).padStart(4, '0')}`;
const range = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Phones, linked sessions, groups, and who writes to whom. */
export async function gatherCast(
  server: ServerProgram,
  sandbox: SandboxProgram,
  seed: number,
): Promise<Cast> {
  const owners = range(SESSIONS).map(sessionPhone);
  const contacts = range(CONTACTS).map(contactPhone);
  for (const phone of [...owners, ...contacts]) await sandbox.addPhone(phone);
  const sessions = new Map(owners.map((phone, index) => [phone, `s${index}`]));
  for (const [phone, id] of sessions) await server.link(id, phone);
  const random = new Random(seed, 'cast');
  const groups: string[][] = [];
  for (let start = 0; start < SESSIONS; start += 5) {
    groups.push([
      ...owners.slice(start, start + 3),
      random.pick(contacts.slice(0, 3)),
      contacts[4]!,
    ]);
  }
  const lanes = directLanes(owners, contacts, random);
  for (const [index, members] of groups.entries()) {
    // The first one makes the group; a contact, whose phone is always there.
    const jid = await sandbox.addGroup(`Group ${index}`, [...members].reverse());
    lanes.push(...groupLanes(members, jid));
  }
  return {
    sessions,
    contacts,
    lanes: lanes.map((lane, index) => ({ id: `L${String(index).padStart(3, '0')}`, ...lane })),
  };
}

type LaneWithoutId = Omit<Lane, 'id'>;

function directLanes(owners: string[], contacts: string[], random: Random): LaneWithoutId[] {
  const lanes: LaneWithoutId[] = [];
  const add = (author: string, via: Lane['via'], chat: string) =>
    lanes.push({ author, via, chat, members: [author, chat] });
  owners.forEach((owner, index) => {
    const first = random.whole(0, contacts.length - 1);
    for (const contact of [contacts[first]!, contacts[(first + 1) % contacts.length]!]) {
      add(contact, 'phone', owner);
      add(owner, 'api', contact);
    }
    // The owner writes on the phone itself, and a number of ours to another.
    if (index % 2 === 0) add(owner, 'phone', contacts[first]!);
    else add(owner, 'api', owners[(index + 1) % owners.length]!);
  });
  return lanes;
}

function groupLanes(members: string[], jid: string): LaneWithoutId[] {
  const [one, two, , contact, other] = members as [string, string, string, string, string];
  return [
    { author: one, via: 'api', chat: jid, members },
    { author: two, via: 'api', chat: jid, members },
    { author: contact, via: 'phone', chat: jid, members },
    { author: other, via: 'phone', chat: jid, members },
  ];
}
