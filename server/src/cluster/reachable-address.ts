import { networkInterfaces } from 'node:os';

/** The address under which other machines reach who listens everywhere: the first of this machine's own. */
export function reachableAddress(listening: string): string {
  const url = new URL(listening);
  if (!['0.0.0.0', '[::]'].includes(url.hostname)) return listening;
  const own = Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === 'IPv4' && !one.internal);
  url.hostname = own?.address ?? '127.0.0.1';
  return url.origin;
}
