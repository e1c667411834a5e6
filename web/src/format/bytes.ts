const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];

/** `1.4 MB`, in the browser's language. */
export function formatBytes(bytes: number, locale?: string): string {
  const power = Math.min(3, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  const value = bytes / 1000 ** power;
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: UNITS[power] ?? 'byte',
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 10 && power > 0 ? 1 : 0,
  }).format(value);
}
