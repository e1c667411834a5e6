import { readFileSync } from 'node:fs';
import { StartError } from './start-error.js';

/** Settings that may be in a file, named by `<setting>_FILE`, as containers are given secrets. */
const IN_FILES = [
  'API_KEY',
  'PATCHBAY_SECRET',
  'DATABASE_URL',
  'REDIS_URL',
  'REDIS_PASSWORD',
  'S3_ACCESS_KEY_ID',
  'S3_SECRET_ACCESS_KEY',
  'MEILI_MASTER_KEY',
  'WHATSAPP_QR_SERVICE_SECRET',
] as const;

/** The settings with what is in files; a setting and its file are not given both. */
export function withFiles(settings: Record<string, string | undefined>) {
  const all = { ...settings };
  for (const name of IN_FILES) {
    const file = all[`${name}_FILE`];
    if (file === undefined) continue;
    if (all[name] !== undefined) throw new StartError(`${name}, ${name}_FILE: set one of them`);
    all[name] = contentOf(name, file);
  }
  return all;
}

function contentOf(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StartError(`${name}_FILE: the file ${file} cannot be read (${code})`);
  }
}
