const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Under a day relative ("5 min. ago"), else the date, with the year when it is another one. */
export function formatWhen(at: Date, now: number, locale?: string): string {
  const age = now - at.getTime();
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
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
  if (days < 7) return new Intl.DateTimeFormat(locale, { weekday: 'short' }).format(at);
  return formatDate(at, now, locale);
}

/** "Mar 4" this year, "Mar 4, 2024" otherwise. */
function formatDate(at: Date, now: number, locale?: string): string {
  const sameYear = at.getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(locale, {
    month: 'short',
    day: 'numeric',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(at);
}

/** Everything, for hovering: "Wednesday, March 4, 2026 at 2:32:10 PM". */
export function formatFull(at: Date, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium' }).format(at);
}

/** Hours and minutes. */
export function formatClock(at: Date, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' }).format(at);
}

/** A heading between days: "Today", "Yesterday", "Wednesday", "March 4, 2026", in the browser's words. */
export function formatDay(at: Date, now: number, locale?: string): string {
  const days = Math.round((startOfDay(new Date(now)) - startOfDay(at)) / DAY);
  if (days === 0 || days === 1) {
    const text = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-days, 'day');
    return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
  }
  if (days > 1 && days < 7) return new Intl.DateTimeFormat(locale, { weekday: 'long' }).format(at);
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(at);
}

function startOfDay(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}

/** A countdown: 7_400 ms → "0:08", 205_000 → "3:25". Never below zero. */
export function formatCountdown(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
