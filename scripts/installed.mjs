import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const FIELDS = ['dependencies', 'devDependencies', 'optionalDependencies'];

/**
 * Whether node_modules holds what package-lock.json asks for, and whether that file agrees with the
 * package.json files. Compares npm's own record of the installation (node_modules/.package-lock.json),
 * so an `npm install` by hand counts as well as ours.
 * @param {string} root the folder of package-lock.json
 * @returns {string | undefined} why an install is needed, in words; undefined when it is not
 */
export function lockMismatch(root) {
  const record = path.join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return 'first run';
  const wanted = readPackages(path.join(root, 'package-lock.json'));
  const installed = readRecord(record);
  if (!installed) return 'the record of the last installation is damaged';
  for (const [where, entry] of Object.entries(wanted)) {
    if (!where.startsWith('node_modules/') && !where.includes('/node_modules/')) {
      if (!sameDependencies(path.join(root, where, 'package.json'), entry)) {
        return `${path.join(where, 'package.json')} changed`;
      }
      continue;
    }
    const have = installed[where];
    const optional = entry.optional || entry.devOptional || entry.peer;
    if (have ? have.version !== entry.version : !optional) return 'package-lock.json changed';
    if (have && !existsSync(path.join(root, where))) return `${where} is missing`;
  }
  return undefined;
}

function readRecord(file) {
  try {
    return readPackages(file);
  } catch {
    return undefined;
  }
}

function readPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

function sameDependencies(file, entry) {
  if (!existsSync(file)) return false;
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  return FIELDS.every((field) => sorted(manifest[field]) === sorted(entry[field]));
}

function sorted(dependencies = {}) {
  return JSON.stringify(Object.entries(dependencies).sort());
}
