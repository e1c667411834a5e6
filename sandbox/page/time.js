import { icon } from './dom.js';

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const date = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full' });

export function timeOfDay(at) {
  return clock.format(new Date(at));
}

/** Time today, else the date. */
export function chatTime(at) {
  const day = new Date(at);
  return day.toDateString() === new Date().toDateString() ? clock.format(day) : date.format(day);
}

export function dayName(at) {
  const day = new Date(at);
  return day.toDateString() === new Date().toDateString() ? 'Today' : full.format(day);
}

const WORDS = {
  pending: 'Waiting for the server',
  sent: 'Sent',
  delivered: 'Delivered',
  read: 'Read',
  failed: 'Refused by the server',
};

/** The sign of a sent message's state, with its name for those who do not see it. */
export function tick({ status, error }) {
  const sign = icon(status === 'read' ? 'delivered' : status, `icon tick ${status}`);
  sign.removeAttribute('aria-hidden');
  sign.setAttribute('role', 'img');
  sign.setAttribute('aria-label', error ? `${WORDS[status]} (${error})` : WORDS[status]);
  return sign;
}
