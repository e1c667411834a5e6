import { Random } from './random.js';
import type { SandboxProgram } from './sandbox-program.js';
import type { ServerApi } from './server-api.js';

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
  /** Each of its messages bears this tag. */
  tag?: string;
}

/** Those for whom knowledge and the chatbot do something. */
export interface ConsumersCast {
  /** The group from which approved messages go on, and where they go. */
  source: string;
  targets: { jid: string; members: string[] }[];
  /** The phone whose star approves. */
  admin: string;
  /** The number for which a chatbot answers. */
  bot: string;
  /** From a contact to the bot, with a person taking over now and then. */
  takenOver: Lane;
}

/** Who takes part. */
export interface Cast {
  /** Session id by phone. */
  sessions: Map<string, string>;
  /** Phones without a session of ours. */
  contacts: string[];
  lanes: Lane[];
  /** Absent where nothing but messages is looked at. */
  consumers?: ConsumersCast;
  /** The phone of the session that runs in a browser. */
  browser?: string;
}

/** Sessions besides the chatbot's. */
const OWNERS = 10;
const CONTACTS = 6;
const LINKED_AT_ONCE = 3;
/** Contacts who ask the chatbot. */
const ASKERS = 3;
export const TAG = 'crash';

export const sessionPhone = (index: number) => `9991000${String(index).padStart(4, '0')}`;
export const contactPhone = (index: number) => `9992000${String(index).padStart(4, '0')}`;
const range = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Phones, linked sessions, groups, and who writes to whom. @param count of owners, at least 4 */
export async function gatherCast(
  server: ServerApi,
  sandbox: SandboxProgram,
  seed: number,
  count = OWNERS,
): Promise<Cast> {
  const owners = range(count).map(sessionPhone);
  const bot = sessionPhone(count);
  const contacts = range(CONTACTS).map(contactPhone);
  const admin = contactPhone(CONTACTS);
  const caller = contactPhone(CONTACTS + 1);
  const everyContact = [...contacts, admin, caller];
  for (const phone of [...owners, bot, ...everyContact]) await sandbox.addPhone(phone);
  const sessions = new Map([...owners, bot].map((phone, index) => [phone, `s${index}`]));
  const unlinked = [...sessions];
  const link = async () => {
    for (let next = unlinked.shift(); next; next = unlinked.shift()) {
      await server.link(next[1], next[0]);
    }
  };
  await Promise.all(range(LINKED_AT_ONCE).map(link));
  const random = new Random(seed, 'cast');
  const lanes = directLanes(owners, contacts, random);
  const groups: string[] = [];
  for (let start = 0; start + 3 <= count; start += 5) {
    const members = [
      ...owners.slice(start, start + 3),
      random.pick(contacts.slice(0, 3)),
      contacts[4]!,
      // Approved is what is said in the first one.
      ...(start === 0 ? [admin] : []),
    ];
    // The first one makes the group; a contact, whose phone is always there.
    const jid = await sandbox.addGroup(`Group ${groups.length}`, [...members].reverse());
    groups.push(jid);
    lanes.push(...groupLanes(members, jid, start === 0 ? TAG : undefined));
  }
  for (const asker of contacts.slice(0, ASKERS)) lanes.push(asking(asker, bot));
  const targets = [
    [contacts[1]!, contacts[5]!, owners[0]!],
    [contacts[2]!, owners[0]!, owners[3]!],
  ];
  return {
    sessions,
    contacts: everyContact,
    lanes: numbered(lanes),
    consumers: {
      source: groups[0]!,
      targets: await Promise.all(
        targets.map(async (members, index) => ({
          jid: await sandbox.addGroup(`Target ${index}`, members),
          members,
        })),
      ),
      admin,
      bot,
      takenOver: { id: 'L999', ...asking(caller, bot) },
    },
  };
}

function asking(contact: string, bot: string): LaneWithoutId {
  return { author: contact, via: 'phone', chat: bot, members: [contact, bot] };
}

export type LaneWithoutId = Omit<Lane, 'id'>;

export function numbered(lanes: LaneWithoutId[]): Lane[] {
  return lanes.map((lane, index) => ({ id: `L${String(index).padStart(3, '0')}`, ...lane }));
}

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

function groupLanes(members: string[], jid: string, tag: string | undefined): LaneWithoutId[] {
  const [one, two, , contact, other] = members as [string, string, string, string, string];
  const lanes: LaneWithoutId[] = [
    { author: one, via: 'api', chat: jid, members },
    { author: two, via: 'api', chat: jid, members },
    { author: contact, via: 'phone', chat: jid, members },
    { author: other, via: 'phone', chat: jid, members },
  ];
  return tag ? lanes.map((lane) => ({ ...lane, tag })) : lanes;
}
