import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The names under which systems have it; the one without windows first, which needs half the memory. */
const NAMES = [
  'chromium-headless-shell',
  'chrome-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
];

/** Where it is installed outside the search path. */
const PLACES = [
  '/usr/lib/chromium/chromium-headless-shell',
  '/usr/lib/chromium/chromium',
  '/snap/bin/chromium',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** What to tell when there is none. */
export const NO_CHROMIUM =
  'A session in a browser needs Chromium, and none was found. Install the package ' +
  'chromium-headless-shell (less memory) or chromium, on Debian and Ubuntu with ' +
  '"apt install chromium-headless-shell" or "apt install chromium", or set ' +
  'PUPPETEER_EXECUTABLE_PATH to the one you have';

/**
 * The Chromium to start.
 * @param chosen PUPPETEER_EXECUTABLE_PATH: this one or none
 * @param path the folders of PATH
 */
export function findChromium(chosen: string | undefined, path: string): string | undefined {
  if (chosen) return isProgram(chosen) ? chosen : undefined;
  const folders = path.split(delimiter).filter(Boolean);
  const candidates = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...candidates, ...PLACES].find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
