import type { ByteRange } from './media-store.js';

/** Shown in place by browsers; nothing in them can run. Everything else is offered for saving. */
const INLINE = new Set([
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
  'image/avif',
  'video/mp4',
  'video/webm',
  'video/3gpp',
  'video/quicktime',
  'audio/ogg',
  'audio/opus',
  'audio/mpeg',
  'audio/mp4',
  'audio/aac',
  'audio/amr',
  'audio/wav',
  'audio/webm',
  'audio/flac',
]);

/** Types that a browser may run when it gets hold of them under their own name. */
const ACTIVE = /(html|xml|svg|script|wasm|x-shockwave|xhtml|cache-manifest|x-mixed-replace)/;

/**
 * Headers under which a stranger's file is safe to open: the browser takes our word for its type,
 * treats it as a foreign origin without scripts, and saves what it could run.
 */
export function safeHeaders(
  mimetype: string | undefined,
  filename: string | undefined,
  download: boolean,
): Record<string, string> {
  const type = cleanType(mimetype);
  const inline = INLINE.has(type) && !download;
  return {
    'content-type': ACTIVE.test(type) ? 'application/octet-stream' : type,
    'content-disposition': disposition(inline ? 'inline' : 'attachment', filename),
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
    'cross-origin-resource-policy': 'same-origin',
    // Asked for each time, so that who may no longer see it does not.
    'cache-control': 'private, no-cache',
    'accept-ranges': 'bytes',
  };
}

/** `type/subtype` without parameters, or the type of which nothing is known. */
function cleanType(mimetype: string | undefined): string {
  const type = mimetype?.split(';')[0]?.trim().toLowerCase() ?? '';
  return /^[a-z0-9][\w.+-]*\/[a-z0-9][\w.+-]*$/.test(type) ? type : 'application/octet-stream';
}

/** RFC 6266: a plain name for old clients, the real one in UTF-8. */
function disposition(kind: 'inline' | 'attachment', filename: string | undefined): string {
  if (!filename) return kind;
  const name = filename
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '')
    .replace(/[/\\]/g, '_')
    .slice(0, 200);
  const plain = name.replace(/[^\x20-\x7e]|["%;]/g, '_');
  const encoded = encodeURIComponent(name.replace(/\p{Surrogate}/gu, '\ufffd')).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

/**
 * The part that a Range header asks for: `all` for none or one that we do not serve (several ranges,
 * other units), `none` when the file ends before it begins (RFC 9110).
 */
export function rangeOf(header: string | undefined, size: number): ByteRange | 'all' | 'none' {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? [];
  if (from === '' && to === '') return 'all';
  if (from === '') {
    const length = Math.min(Number(to), size);
    return length === 0 ? 'none' : { start: size - length, end: size - 1 };
  }
  const start = Number(from);
  if (to !== '' && Number(to) < start) return 'all';
  if (start >= size) return 'none';
  return { start, end: to === '' ? size - 1 : Math.min(Number(to), size - 1) };
}
