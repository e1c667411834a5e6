import { api } from './api.js';
import { el, form, iconButton } from './dom.js';
import { nameOf, world } from './world.js';

const KINDS = {
  cut: 'Cut the connection',
  restart_required: 'Restart required (515)',
  service_unavailable: 'Service unavailable (503)',
  replaced: 'Replaced by another login (440)',
  failure: 'Refuse the login (403 or code)',
  device_removed: 'Remove the device (401)',
  silence: 'Fall silent',
  refuse: 'Refuse connections',
  garbage: 'Send a garbage frame',
  ack_delay: 'Delay server acks',
  ack_missing: 'Leave out server acks',
  message_lost: 'Cut as a message leaves',
  ack_error: 'Acks with an error (463 or code)',
  duplicate: 'Deliver twice',
  receipt_lost: 'Lose a receipt',
  undecryptable: 'Damage a message',
  media_gone: 'A file is gone (410 or code)',
  media_damaged: 'Damage a file',
  media_stall: 'Stop a download half way',
  media_lost: 'The phone lost a file',
  upload_refused: 'Refuse an upload (503 or code)',
  upload_stall: 'Never answer an upload',
  one_name: 'Leave out the author’s other name',
};

/** Faults in force, and a form to start one. */
export function faultsPanel() {
  const list = el('div');
  const error = el('p', { class: 'error', role: 'alert' });
  const refresh = async () => {
    try {
      const { faults } = await api('GET', '/faults');
      list.replaceChildren(faultList(faults, refresh));
      error.textContent = '';
    } catch (failure) {
      error.textContent = failure.message;
    }
  };
  const panel = el(
    'aside',
    {
      class: 'side faults',
      'aria-label': 'Faults',
      onkeydown: (event) => event.key === 'Escape' && panel.remove(),
    },
    el(
      'header',
      {},
      el('h2', {}, 'Faults'),
      iconButton('close', 'Close', () => panel.remove()),
    ),
    el('section', {}, el('h3', {}, 'In force'), list, error),
    el('section', {}, el('h3', {}, 'Start one'), faultForm(refresh)),
    el('section', {}, el('h3', {}, 'At random'), randomForm()),
  );
  refresh();
  return panel;
}

function faultList(faults, refresh) {
  if (faults.length === 0)
    return el('p', { class: 'muted' }, 'None. Connections and messages run as they should.');
  const stop = async (path) => {
    await api('DELETE', path);
    await refresh();
  };
  const entry = ({ id, kind, phone, device, struck }) => {
    const whom = phone
      ? `${nameOf(phone)}${device === undefined ? '' : `, device ${device}`}`
      : 'Everybody';
    return el(
      'li',
      {},
      el(
        'div',
        { class: 'who' },
        el('strong', {}, KINDS[kind] ?? kind),
        el('span', {}, `${whom} · struck ${struck}×`),
      ),
      el(
        'button',
        { type: 'button', class: 'button', onclick: () => stop(`/faults/${id}`) },
        'Stop',
      ),
    );
  };
  return el('ul', { class: 'plain-list' }, faults.map(entry));
}

function faultForm(refresh) {
  return form(
    {},
    async (data) => {
      const number = (name) => (data.get(name) ? { [name]: Number(data.get(name)) } : {});
      const phone = data.get('phone');
      await api('POST', '/faults', {
        kind: data.get('kind'),
        ...(phone ? { phone } : {}),
        ...number('device'),
        ...number('times'),
        ...number('delayMs'),
        ...number('code'),
      });
      await refresh();
    },
    el(
      'label',
      { class: 'field' },
      'What',
      el(
        'select',
        { name: 'kind' },
        Object.entries(KINDS).map(([value, label]) => el('option', { value }, label)),
      ),
    ),
    el(
      'label',
      { class: 'field' },
      'Whom',
      el(
        'select',
        { name: 'phone' },
        el('option', { value: '' }, 'Everybody'),
        [...world.phones.values()].map(({ phone, name }) => el('option', { value: phone }, name)),
      ),
    ),
    el(
      'div',
      { class: 'pair' },
      numberField('Device', 'device', 'all'),
      numberField('Times', 'times', '1'),
      numberField('Code', 'code', 'default'),
      numberField('Delay, ms', 'delayMs', '1000'),
    ),
    el('button', { type: 'submit', class: 'button' }, 'Start'),
  );
}

function randomForm() {
  const running = el('p', { class: 'ok', role: 'status' });
  return el(
    'div',
    { class: 'stack' },
    form(
      {},
      async (data) => {
        const [seed, everyMs] = [
          Number(data.get('seed') || 1),
          Number(data.get('everyMs') || 5000),
        ];
        await api('POST', '/faults', { kind: 'random', seed, everyMs });
        running.textContent = `Running with seed ${seed}. “Stop all” ends it.`;
      },
      el(
        'div',
        { class: 'pair' },
        numberField('Seed', 'seed', '1'),
        numberField('Mean pause, ms', 'everyMs', '5000'),
      ),
      el('button', { type: 'submit', class: 'button' }, 'Start a schedule'),
    ),
    el(
      'button',
      {
        type: 'button',
        class: 'button',
        onclick: async () => {
          await api('DELETE', '/faults');
          running.textContent = 'All faults are over.';
        },
      },
      'Stop all',
    ),
    running,
  );
}

function numberField(label, name, placeholder) {
  return el(
    'label',
    { class: 'field' },
    label,
    el('input', { type: 'number', name, min: '0', placeholder }),
  );
}
