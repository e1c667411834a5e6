import { z } from 'zod';
import { EVENTS, EVENTS_VERSION } from './event-catalogue.js';

type Catalogue = typeof EVENTS;
type Names<Kept extends boolean> = {
  [Name in keyof Catalogue]: Catalogue[Name]['kept'] extends Kept ? Name : never;
}[keyof Catalogue];

/** What is in the log and can be replayed. */
export type EventName = Names<true>;
/** What is told to those who listen now, and kept nowhere. */
export type PassingName = Names<false>;
export type EventData<Name extends keyof Catalogue> = z.infer<Catalogue[Name]['data']>;

function namesOf<Name extends keyof Catalogue>(kept: boolean): [Name, ...Name[]] {
  const names = Object.entries(EVENTS).filter(([, entry]) => entry.kept === kept);
  return names.map(([name]) => name) as [Name, ...Name[]];
}

/** Every logged event's name, as a schema: `EventName.options` lists them. */
export const EventName = z.enum(namesOf<EventName>(true)).meta({ id: 'EventName' });
export const PassingName = z.enum(namesOf<PassingName>(false)).meta({ id: 'PassingName' });

const envelope = {
  id: z.string().describe('Unique and never changes: whoever gets an event twice knows it by this'),
  position: z
    .number()
    .int()
    .describe('Global position in the log; grows, never reused: the cursor of every reader'),
  sessionId: z.string(),
  sequence: z.number().int().describe('Counts 1, 2, 3 ... within the session'),
  at: z.iso.datetime().describe('When it was recorded'),
};

interface Envelope {
  id: string;
  position: number;
  sessionId: string;
  sequence: number;
  at: string;
}

/** An event of the log, told apart by `name`. */
export type LogEvent = {
  [Name in EventName]: Envelope & { name: Name; data: EventData<Name> };
}[EventName];

export const LogEvent = union<LogEvent>(EventName.options, envelope).meta({ id: 'Event' });

/** A passing state: without id, position and sequence, for it can't be asked for again. */
export type PassingEvent = {
  [Name in PassingName]: {
    sessionId: Name extends TeamEventName ? null : string;
    at: string;
    name: Name;
    data: EventData<Name>;
  };
}[PassingName];

/** Passing states that are about no session. */
export type TeamEventName = {
  [Name in PassingName]: Catalogue[Name] extends { ofTeam: true } ? Name : never;
}[PassingName];

export const PassingEvent = union<PassingEvent>(PassingName.options, {
  sessionId: envelope.sessionId,
  at: envelope.at,
}).meta({ id: 'PassingEvent' });

function union<Event>(names: readonly (keyof Catalogue)[], shape: z.ZodRawShape) {
  const options = names.map((name) =>
    z.object({
      ...shape,
      ...('ofTeam' in EVENTS[name] && { sessionId: z.null() }),
      name: z.literal(name),
      data: EVENTS[name].data as z.ZodObject,
    }),
  );
  // One schema per entry of the catalogue; the type says the same per name.
  const schema: unknown = z.discriminatedUnion('name', options as [(typeof options)[0]]);
  return schema as z.ZodType<Event, Event>;
}

/** Events oldest first; `after` continues. */
export const EventPage = z
  .object({
    version: z.literal(EVENTS_VERSION).describe('Version of the event catalogue'),
    events: z.array(LogEvent),
    after: z.number().int(),
  })
  .meta({ id: 'EventPage' });
export type EventPage = z.infer<typeof EventPage>;
