/** Days and times of day in a time zone. Times are milliseconds since the epoch. */

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(timeZone, format);
  }
  return format;
}

/** What a clock on the wall shows, as if it were UTC. */
function wall(at: number, timeZone: string): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(at)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((at % 1000) + 1000) % 1000);
}

/** When the wall clock shows this; where it never does, for the clocks were put forward, just after. */
function whenWallShows(shown: number, timeZone: string): number {
  const guess = shown - (wall(shown, timeZone) - shown);
  return guess + (shown - wall(guess, timeZone));
}

/** The calendar day around a time: its first moment, and that of the next day. */
export function dayAround(at: number, timeZone: string): { start: number; end: number } {
  const midnight = Math.floor(wall(at, timeZone) / DAY) * DAY;
  return {
    start: whenWallShows(midnight, timeZone),
    end: whenWallShows(midnight + DAY, timeZone),
  };
}

/** The end of the quiet hours that a time is in, or undefined when it is in none. */
export function quietUntil(
  at: number,
  { from, to }: { from: string; to: string },
  timeZone: string,
): number | undefined {
  const shown = wall(at, timeZone);
  const midnight = Math.floor(shown / DAY) * DAY;
  const time = shown - midnight;
  const [begin, end] = [timeOfDay(from), timeOfDay(to)];
  const isQuiet = begin < end ? time >= begin && time < end : time >= begin || time < end;
  if (!isQuiet) return undefined;
  return whenWallShows(midnight + end + (time < end ? 0 : DAY), timeZone);
}

function timeOfDay(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return (hours * 60 + minutes) * MINUTE;
}
