import { el, form, iconButton } from './dom.js';

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();
const rest = (text) => text.split('|').map((part) => part.trim());

/** What else can be said: how it is named, what to type, and what is sent. */
const SAYINGS = {
  poll: {
    name: 'Poll',
    hint: 'Question | option | option',
    of: (text) => {
      const [name, ...options] = rest(text);
      return { kind: 'poll', name, options, selectableCount: 0 };
    },
  },
  event: {
    name: 'Event in an hour',
    hint: 'Name | place',
    of: (text) => {
      const [name, place] = rest(text);
      const where = place ? { place: { name: place } } : {};
      return { kind: 'event', event: { name, startsAt: inAnHour(), ...where } };
    },
  },
  place: {
    name: 'Place',
    hint: 'Name | latitude | longitude',
    of: (text) => {
      const [name, latitude = '-12.04637', longitude = '-77.04279'] = rest(text);
      const place = { name, latitude: Number(latitude), longitude: Number(longitude) };
      return { kind: 'location', place };
    },
  },
  live: {
    name: 'Live location',
    hint: 'What you write beside it',
    of: (caption) => {
      const place = { latitude: -12.04637, longitude: -77.04279, live: true, sequence: 1 };
      return { kind: 'location', place: { ...place, caption } };
    },
  },
  contact: {
    name: 'Contact card',
    hint: 'Name | number in digits',
    of: (text) => {
      const [name, number = ''] = rest(text);
      const lines = ['BEGIN:VCARD', 'VERSION:3.0', `FN:${name}`];
      lines.push(`TEL;type=CELL;waid=${number}:+${number}`, 'END:VCARD');
      return { kind: 'contact', contacts: [{ name, vcard: lines.join('\n') }] };
    },
  },
  timer: {
    name: 'Messages disappear',
    hint: 'After so many hours; 0: never',
    of: (text) => ({ kind: 'timer', seconds: Number(text) * 3600 }),
  },
};

/** A button that opens a line to say something other than text. @param say resolves when it is sent */
export function sayMore(say) {
  const holder = el('div', { class: 'say-more' });
  const close = () => holder.querySelector('form')?.remove();
  const open = () => {
    if (holder.querySelector('form')) return close();
    const kind = el(
      'select',
      { name: 'kind', 'aria-label': 'Kind' },
      Object.entries(SAYINGS).map(([value, { name }]) => el('option', { value }, name)),
    );
    const text = el('input', { name: 'text', 'aria-label': 'What', autocomplete: 'off' });
    const hint = () => text.setAttribute('placeholder', SAYINGS[kind.value].hint);
    kind.addEventListener('change', hint);
    hint();
    const send = el('button', { type: 'submit', class: 'button primary' }, 'Send');
    const work = async () => {
      await say(SAYINGS[kind.value].of(text.value.trim()));
      close();
    };
    holder.prepend(form({ class: 'stack say-form' }, work, kind, text, send));
    return kind.focus();
  };
  holder.append(iconButton('plus', 'Send something else', open));
  holder.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close();
  });
  return holder;
}
