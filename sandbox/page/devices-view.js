import { api } from './api.js';
import { el, form, icon } from './dom.js';
import { chatTime } from './time.js';

/** Enough for a QR on a photo, small enough to send. */
const LARGEST = 1600;

/** Linked devices of a phone, and the ways to link another. */
export function devicesView(view) {
  const list = el('div');
  const refresh = () => list.replaceChildren(deviceList(view));
  refresh();
  const element = el(
    'div',
    { class: 'pad' },
    list,
    el('h2', { class: 'section' }, 'Link a device'),
    qrForm(view),
    codeForm(view),
  );
  return { element, refresh };
}

function deviceList(view) {
  const { devices } = view.account;
  if (devices.length === 0) {
    return el(
      'p',
      { class: 'muted' },
      'No linked devices. Scan the QR of one, or type its pairing code.',
    );
  }
  return el(
    'ul',
    { class: 'plain-list devices' },
    devices.map((device) => deviceRow(view, device)),
  );
}

function deviceRow(view, { device, os, platform, linkedAt }) {
  const error = el('p', { class: 'error', role: 'alert' });
  const unlink = async () => {
    if (!confirm(`Unlink device ${device} (${os})? It has to be linked anew to come back.`)) return;
    try {
      await api('DELETE', `/phones/${view.phone}/devices/${device}`);
    } catch (failure) {
      error.textContent = failure.message;
    }
  };
  const since = chatTime(linkedAt * 1000);
  return el(
    'li',
    {},
    el(
      'div',
      { class: 'who' },
      el('strong', {}, os || 'Device'),
      el(
        'span',
        {},
        `Device ${device}${platform ? ` · ${platform.toLowerCase()}` : ''} · linked ${since}`,
      ),
      error,
    ),
    el('button', { type: 'button', class: 'button danger', onclick: unlink }, 'Unlink'),
  );
}

function qrForm(view) {
  const done = el('p', { class: 'ok', role: 'status' });
  const scan = async (body) => {
    done.textContent = '';
    const device = await api('POST', `/phones/${view.phone}/scan`, body);
    done.textContent = `Linked as device ${device.device}.`;
  };
  const text = el('textarea', {
    name: 'qr',
    rows: '2',
    placeholder: 'Paste the QR’s text or a picture',
    'aria-label': 'Text of the QR',
    onpaste: (event) => {
      const file = event.clipboardData?.files[0];
      if (!file) return;
      event.preventDefault();
      takePicture(file);
    },
  });
  const element = form(
    {},
    async (data) => {
      if (!data.get('qr').trim())
        throw new Error('Paste the text of the QR first, or choose a picture of it.');
      await scan({ qr: data.get('qr') });
      text.value = '';
    },
    text,
    el('button', { type: 'submit', class: 'button primary' }, 'Scan'),
  );
  const takePicture = async (file) => {
    const error = element.querySelector('.error');
    error.textContent = '';
    try {
      await scan({ image: await asPng(file) });
    } catch (failure) {
      error.textContent = failure.message;
    }
  };
  return el('div', { class: 'stack' }, element, dropZone(takePicture), done);
}

function dropZone(takePicture) {
  const input = el('input', {
    type: 'file',
    accept: 'image/*',
    hidden: true,
    onchange: () => {
      if (input.files[0]) takePicture(input.files[0]);
      input.value = '';
    },
  });
  const zone = el(
    'div',
    {
      class: 'drop',
      ondragover: (event) => {
        event.preventDefault();
        zone.classList.add('over');
      },
      ondragleave: () => zone.classList.remove('over'),
      ondrop: (event) => {
        event.preventDefault();
        zone.classList.remove('over');
        const [file] = event.dataTransfer.files;
        if (file) takePicture(file);
      },
    },
    el('span', { class: 'muted small' }, 'Drop a picture of the QR here, or'),
    el(
      'button',
      { type: 'button', class: 'button', onclick: () => input.click() },
      icon('picture'),
      'Choose a picture',
    ),
    input,
  );
  return zone;
}

/** Any picture that the browser can show, as the PNG that the control API reads. */
async function asPng(file) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    throw new Error('This is not a picture that the browser can read.');
  }
  const scale = Math.min(1, LARGEST / Math.max(bitmap.width, bitmap.height));
  const canvas = el('canvas');
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/png');
}

function codeForm(view) {
  const done = el('p', { class: 'ok', role: 'status' });
  const input = el('input', {
    type: 'text',
    name: 'code',
    required: true,
    maxlength: 12,
    placeholder: 'ABCD-EFGH',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  return el(
    'div',
    { class: 'stack code' },
    form(
      {},
      async (data) => {
        done.textContent = '';
        const device = await api('POST', `/phones/${view.phone}/pair`, { code: data.get('code') });
        input.value = '';
        done.textContent = `Linked as device ${device.device}.`;
      },
      el('label', { class: 'field' }, 'Or type a pairing code', input),
      el('button', { type: 'submit', class: 'button' }, 'Link by code'),
    ),
    done,
  );
}
