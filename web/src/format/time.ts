const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Making a formatter takes longer than drawing a row of a list: each is made once. */
function once<Format>(make: (locale: string | undefined) => Format) {
  const made = new Map<string | undefined, Format>();
  return (locale: string | undefined): Format => {
    const known = made.get(locale) ?? make(locale);
    made.set(locale, known);
    return known;
  };
}

function dates(options: Intl.DateTimeFormatOptions) {
  return once((locale) => new Intl.DateTimeFormat(locale, options));
}

const full = dates({ dateStyle: 'full', timeStyle: 'medium' });
const clock = dates({ hour: 'numeric', minute: '2-digit' });
const shortWeekday = dates({ weekday: 'short' });
const weekday = dates({ weekday: 'long' });
const ofThisYear = dates({ month: 'short', day: 'numeric' });
const ofAnyYear = dates({ month: 'short', day: 'numeric', year: 'numeric' });
const longDate = dates({ dateStyle: 'long' });
const ago = once(
  (locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' }),
);
const daysAgo = once((locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }));

/** Under a day relative ("5 min. ago"), else the date, with the year when it is another one. */
export function formatWhen(at: Date, now: number, locale?: string): string {
  const age = now - at.getTime();
  const relative = ago(locale);
  if (age < MINUTE) return relative.format(0, 'second');
  if (age < HOUR) return relative.format(-Math.floor(age / MINUTE), 'minute');
  if (age < DAY) return relative.format(-Math.floor(age / HOUR), 'hour');
  return formatDate(at, now, locale);
}

/** As short as a list needs it: the clock today, "Yesterday", the weekday within a week, else the date. */
export function formatRecent(at: Date, now: number, locale?: string): string {
  const days = Math.round((startOfDay(new Date(now)) - startOfDay(at)) / DAY);
  if (days <= 0) return formatClock(at, locale);
  if (days === 1) return formatDay(at, now, locale);
  if (days < 7) return shortWeekday(locale).format(at);
  return formatDate(at, now, locale);
}

/** "Mar 4" this year, "Mar 4, 2024" otherwise. */
function formatDate(at: Date, now: number, locale?: string): string {
  const sameYear = at.getFullYear() === new Date(now).getFullYear();
  return (sameYear ? ofThisYear : ofAnyYear)(locale).format(at);
}

/** Everything, for hovering: "Wednesday, March 4, 2026 at 2:32:10 PM". */
export function formatFull(at: Date, locale?: string): string {
  return full(locale).format(at);
}

/** Hours and minutes. */
export function formatClock(at: Date, locale?: string): string {
  return clock(locale).format(at);
}

/** A heading between days: "Today", "Yesterday", "Wednesday", "March 4, 2026", in the browser's words. */
export function formatDay(at: Date, now: number, locale?: string): string {
  const days = Math.round((startOfDay(new Date(now)) - startOfDay(at)) / DAY);
  if (days === 0 || days === 1) {
    const text = daysAgo(locale).format(-days, 'day');
    return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
  }
  if (days > 1 && days < 7) return weekday(locale).format(at);
  return longDate(locale).format(at);
}

function startOfDay(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}

/** A countdown: 7_400 ms → "0:08", 205_000 → "3:25". Never below zero. */
export function formatCountdown(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
