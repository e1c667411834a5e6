import { api } from './api.js';
import { el, form, initials } from './dom.js';
import { world } from './world.js';

function others(phone) {
  return [...world.phones.values()].filter((each) => each.phone !== phone);
}

function nobodyElse() {
  return el(
    'div',
    { class: 'empty' },
    el('strong', {}, 'There is nobody else yet.'),
    el('p', {}, 'Add another phone first.'),
  );
}

/** Whom to write to: every phone is everybody's contact. */
export function newChatView(view) {
  const people = others(view.phone);
  if (people.length === 0) return nobodyElse();
  const entry = ({ phone, name }) =>
    el(
      'li',
      {},
      el(
        'button',
        { type: 'button', class: 'chat', onclick: () => view.open(phone) },
        el('span', { class: 'avatar' }, initials(name)),
        el('span', { class: 'who' }, el('strong', {}, name), el('span', {}, `+${phone}`)),
      ),
    );
  return el('ul', { class: 'chats' }, people.map(entry));
}

export function newGroupView(view) {
  const people = others(view.phone);
  if (people.length === 0) return nobodyElse();
  const work = async (data) => {
    const members = data.getAll('member');
    if (members.length === 0) throw new Error('Choose at least one member.');
    const group = await api('POST', '/groups', {
      subject: data.get('subject'),
      participants: [view.phone, ...members],
    });
    view.open(group.id);
  };
  const choice = ({ phone, name }) =>
    el('label', {}, el('input', { type: 'checkbox', name: 'member', value: phone }), name);
  return form(
    { class: 'pad' },
    work,
    el(
      'label',
      { class: 'field' },
      'Name of the group',
      el('input', {
        type: 'text',
        name: 'subject',
        required: true,
        maxlength: 100,
        autocomplete: 'off',
      }),
    ),
    el('div', { class: 'choices', role: 'group', 'aria-label': 'Members' }, people.map(choice)),
    el('button', { type: 'submit', class: 'button primary' }, 'Create the group'),
  );
}
