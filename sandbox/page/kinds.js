import { el } from './dom.js';
import { nameOf } from './world.js';

const ANSWERS = { going: 'Going', maybe: 'Maybe', not_going: 'Not going' };

/** What stands above the text of a bubble: what it answers, and how it is to be treated. */
export function above({ quoted, forwarded, viewOnce, pinned, revoked }) {
  if (revoked) return [note('This message was deleted')];
  return [
    quoted && el('p', { class: 'quoted', dir: 'auto' }, nameOf(quoted.from), ': ', quoted.text),
    forwarded && note(forwarded > 4 ? 'Forwarded many times' : 'Forwarded'),
    viewOnce && note('To be viewed once'),
    pinned && note('Pinned'),
  ];
}

/** @param say sends a saying of the phone to this chat */
export function kindBody(phone, message, say) {
  if (message.revoked) return null;
  switch (message.kind) {
    case 'text':
      return message.preview && previewBody(message.preview);
    case 'location':
      return placeBody(message, say);
    case 'contact':
      return message.contacts.map(({ name, vcard }) =>
        el(
          'p',
          { class: 'card' },
          el('strong', {}, name),
          el('span', { class: 'small' }, tel(vcard)),
        ),
      );
    case 'poll':
      return pollBody(phone, message, say);
    case 'event':
      return eventBody(phone, message, say);
    case 'group_invite':
      return note(`Invitation to the group ${message.invite.subject}`);
    case 'timer':
      return note(
        message.seconds
          ? `Messages disappear after ${message.seconds / 3600} hours`
          : 'Messages no longer disappear',
      );
    case 'other':
      return note('A message of another kind');
    default:
      return null;
  }
}

/** Beside the time: edited, disappearing. */
export function marks({ edited, expiresIn }) {
  return [edited && 'edited', expiresIn && `${expiresIn / 3600} h`].filter(Boolean).join(' · ');
}

const note = (text) => el('p', { class: 'kind' }, text);
const tel = (vcard) => /^TEL[^:]*:(.*)$/m.exec(vcard)?.[1] ?? '';

function previewBody({ title, description, url }) {
  return el(
    'div',
    { class: 'card' },
    el('strong', {}, title ?? url),
    el('span', { class: 'small' }, description ?? ''),
  );
}

function placeBody({ place, fromMe }, say) {
  const { latitude, longitude, name, address, live, sequence = 1 } = place;
  const moved = { ...place, latitude: latitude + 0.001, sequence: sequence + 1 };
  return el(
    'div',
    { class: 'card' },
    el('strong', {}, live ? `Live location, update ${sequence}` : (name ?? 'Place')),
    address && el('span', { class: 'small' }, address),
    el('span', { class: 'small' }, `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`),
    live && fromMe && choice('Move on', false, () => say({ kind: 'location', place: moved })),
  );
}

function pollBody(phone, { id, poll, votes = {} }, say) {
  const mine = votes[phone] ?? [];
  const vote = (option) => {
    const others = mine.filter((each) => each !== option);
    const options = mine.includes(option) ? others : [...others, option];
    const most = poll.selectableCount || options.length;
    say({ kind: 'poll_vote', target: id, options: options.slice(-most) });
  };
  return el(
    'div',
    { class: 'answers' },
    poll.options.map((option) => {
      const voters = Object.values(votes).filter((chosen) => chosen.includes(option));
      return choice(`${option} · ${voters.length}`, mine.includes(option), () => vote(option));
    }),
  );
}

function eventBody(phone, { id, event, responses = {} }, say) {
  const answers = Object.values(responses);
  return el(
    'div',
    { class: 'answers' },
    el('span', { class: 'small' }, new Date(event.startsAt).toLocaleString()),
    event.place && el('span', { class: 'small' }, event.place.name ?? event.place.address),
    event.description && el('span', {}, event.description),
    Object.entries(ANSWERS).map(([response, word]) => {
      const count = answers.filter((each) => each.response === response).length;
      const mine = responses[phone]?.response === response;
      return choice(`${word} · ${count}`, mine, () =>
        say({ kind: 'event_response', target: id, response }),
      );
    }),
  );
}

function choice(text, pressed, onclick) {
  return el(
    'button',
    { type: 'button', class: 'button', 'aria-pressed': String(pressed), onclick },
    text,
  );
}
