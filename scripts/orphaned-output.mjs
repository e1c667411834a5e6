import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

const OUTPUT = /\.(js|js\.map|d\.ts|d\.ts\.map)$/;

/**
 * Removes from a member's dist what was compiled from a source that is gone. The compiler leaves
 * such files, and a program that lists a folder (migrations) or a deep import would still find them.
 * @param {string} member the member's folder, with `src` and `dist`
 */
export function removeOrphanedOutput(member) {
  const dist = path.join(member, 'dist');
  if (!existsSync(dist)) return;
  for (const entry of readdirSync(dist, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !OUTPUT.test(entry.name)) continue;
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    const source = path.join(member, 'src', path.relative(dist, file)).replace(OUTPUT, '');
    if (!['.ts', '.tsx', '.mts'].some((extension) => existsSync(source + extension))) rmSync(file);
  }
}
