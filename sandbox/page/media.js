import { upload } from './api.js';
import { el, icon } from './dom.js';

/** What a message's file looks like on the phone. */
export function mediaBody(phone, { id, kind, text, media }) {
  const src = `/api/phones/${phone}/messages/${encodeURIComponent(id)}/media`;
  const size = media.width && media.height ? { width: media.width, height: media.height } : {};
  switch (kind) {
    case 'image':
    case 'sticker':
      return el(
        'a',
        { href: src, target: '_blank', rel: 'noreferrer' },
        el('img', { class: `media ${kind}`, src, alt: text || kind, loading: 'lazy', ...size }),
      );
    case 'video':
      return el('video', { class: 'media', src, controls: true, preload: 'metadata', ...size });
    case 'audio':
      return el('audio', { class: 'media', src, controls: true, preload: 'none' });
    default:
      return el(
        'a',
        { class: 'file', href: src, download: media.filename ?? 'file' },
        icon('file'),
        el(
          'span',
          {},
          el('strong', { dir: 'auto' }, media.filename ?? 'Document'),
          el('span', { class: 'muted small' }, sizeOf(media.size)),
        ),
      );
  }
}

function sizeOf(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** A button that sends files to a chat. @param report shows what went wrong, '' when nothing did */
export function attachButton(phone, chat, report) {
  const input = el('input', {
    type: 'file',
    multiple: true,
    hidden: true,
    'aria-label': 'Files',
    onchange: async () => {
      const files = [...input.files];
      input.value = '';
      await sendFiles(phone, chat, files).then(
        () => report(''),
        (failure) => report(failure.message),
      );
    },
  });
  return el(
    'span',
    {},
    input,
    el(
      'button',
      {
        type: 'button',
        class: 'icon-button',
        'aria-label': 'Attach files',
        title: 'Attach files',
        onclick: () => input.click(),
      },
      icon('attach'),
    ),
  );
}

/** Sends files one after the other, each as what it is. */
async function sendFiles(phone, chat, files) {
  for (const file of files) {
    const facts = await factsOf(file);
    const query = new URLSearchParams({ to: chat, ...facts });
    await upload(`/phones/${phone}/media?${query}`, file);
  }
}

async function factsOf(file) {
  const mimetype = file.type || 'application/octet-stream';
  if (/^image\/(jpeg|png|webp)$/.test(mimetype)) {
    const { width, height } = await createImageBitmap(file);
    return { kind: 'image', mimetype, width, height };
  }
  if (/^video\/(mp4|3gpp)$/.test(mimetype)) return { kind: 'video', mimetype };
  if (/^audio\//.test(mimetype)) return { kind: 'audio', mimetype };
  return { kind: 'document', mimetype, filename: file.name };
}
