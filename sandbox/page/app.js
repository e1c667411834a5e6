import { api } from './api.js';
import { el, form, icon } from './dom.js';
import { faultsPanel } from './faults.js';
import { PhoneView } from './phone-view.js';
import { start, watch, world } from './world.js';

const main = document.getElementById('main');
const picker = document.getElementById('picker');
const notice = document.getElementById('notice');
/** `/?phone=<digits>` shows that phone alone. */
const focused = new URLSearchParams(location.search).get('phone')?.replace(/\D/g, '') || undefined;
/** With more phones than this, one picks which to see. */
const SIDE_BY_SIDE = 6;
const narrow = matchMedia('(max-width: 639px)');

const views = new Map();
const row = el('div', { class: 'phones' });
const panel = el('div', { hidden: true });
/** Phones picked by hand, where not all are shown. */
let chosen = new Set();

function shownPhones() {
  const all = [...world.phones.keys()];
  if (focused) return all.filter((phone) => phone === focused);
  if (narrow.matches)
    return all.filter((phone) => phone === (chosen.values().next().value ?? all[0]));
  if (all.length <= SIDE_BY_SIDE) return all;
  const kept = all.filter((phone) => chosen.has(phone));
  return kept.length > 0 ? kept : all.slice(0, 3);
}

function choose(phone) {
  const shown = new Set(shownPhones());
  if (narrow.matches) chosen = new Set([phone]);
  else if (shown.has(phone) && shown.size > 1)
    chosen = new Set([...shown].filter((each) => each !== phone));
  else chosen = shown.add(phone);
  render();
}

function render() {
  main.setAttribute('aria-busy', 'false');
  const phones = shownPhones();
  for (const phone of phones) {
    if (!views.has(phone)) views.set(phone, new PhoneView(phone));
  }
  row.classList.toggle('single', phones.length === 1);
  const elements = phones.map((phone) => views.get(phone).element);
  const same =
    elements.length === row.children.length &&
    elements.every((each, i) => each === row.children[i]);
  if (!same) row.replaceChildren(...elements);
  if (phones.length === 0) row.replaceChildren(nobody());
  if (row.parentElement !== main) main.replaceChildren(row, panel);
  renderPicker();
}

function nobody() {
  if (focused) {
    return el(
      'div',
      { class: 'empty' },
      el('strong', {}, `There is no phone +${focused} yet.`),
      el(
        'button',
        { class: 'button primary', type: 'button', onclick: () => addDialog(focused) },
        'Add it',
      ),
      el('a', { href: '/' }, 'Show all phones'),
    );
  }
  return el(
    'div',
    { class: 'empty' },
    el('strong', {}, 'No phones yet.'),
    el('p', {}, 'A simulated phone scans QRs, chats, and links devices, with no real phone near.'),
    el(
      'button',
      { class: 'button primary', type: 'button', onclick: () => addDialog() },
      'Add a phone',
    ),
  );
}

function renderPicker() {
  const phones = [...world.phones.values()];
  const shown = new Set(shownPhones());
  picker.hidden = Boolean(focused) || phones.length < 2 || shown.size === phones.length;
  const entry = ({ phone, name }) =>
    el(
      'button',
      {
        type: 'button',
        'aria-pressed': String(shown.has(phone)),
        title: `+${phone}`,
        onclick: () => choose(phone),
      },
      name,
    );
  picker.replaceChildren(...phones.map(entry));
}

function addDialog(phone = '') {
  const close = () => dialog.remove();
  const dialog = el(
    'aside',
    {
      class: 'side',
      'aria-label': 'Add a phone',
      onkeydown: (event) => event.key === 'Escape' && close(),
    },
    el(
      'header',
      {},
      el('h2', {}, 'Add a phone'),
      el(
        'button',
        { class: 'icon-button', type: 'button', 'aria-label': 'Close', onclick: close },
        icon('close'),
      ),
    ),
    el(
      'section',
      {},
      form(
        {},
        async (data) => {
          const added = await api('POST', '/phones', {
            phone: data.get('phone'),
            name: data.get('name'),
          });
          close();
          if (!shownPhones().includes(added.phone)) choose(added.phone);
        },
        field('Name', {
          type: 'text',
          name: 'name',
          required: true,
          maxlength: 60,
          autocomplete: 'off',
        }),
        field('Number, with country code', {
          type: 'tel',
          name: 'phone',
          required: true,
          value: phone,
          placeholder: '51999111222',
          autocomplete: 'off',
        }),
        el('button', { class: 'button primary', type: 'submit' }, 'Add'),
      ),
      el(
        'p',
        { class: 'muted small' },
        'It exists only here, and is at once a contact of all others.',
      ),
    ),
  );
  panelOpen(dialog);
  dialog.querySelector('input').focus();
}

function field(label, properties) {
  return el('label', { class: 'field' }, label, el('input', properties));
}

function panelOpen(element) {
  main.querySelector('.side')?.remove();
  main.append(element);
}

function toggleFaults() {
  const open = main.querySelector('.side.faults');
  if (open) open.remove();
  else panelOpen(faultsPanel());
}

function renderActions() {
  const button = (sign, label, onclick) =>
    el(
      'button',
      { class: 'button', type: 'button', 'aria-label': label, onclick },
      icon(sign),
      el('span', { class: 'label' }, label),
    );
  document.getElementById('actions').replaceChildren(
    ...(focused ? [el('a', { class: 'button', href: '/' }, 'All phones')] : []),
    button('fault', 'Faults', toggleFaults),
    button('plus', 'Add a phone', () => addDialog()),
  );
}

watch((change) => {
  if (change.type === 'stream') {
    notice.hidden = world.connected !== false;
    notice.textContent =
      'The sandbox does not answer. This page goes on by itself when it is back.';
    const { wsUrl } = world.info ?? {};
    document.getElementById('hint').textContent = wsUrl ? `Clients connect to ${wsUrl}` : '';
  }
  if (change.type === 'world' || change.type === 'phone') render();
});
narrow.addEventListener('change', render);
renderActions();
start();
