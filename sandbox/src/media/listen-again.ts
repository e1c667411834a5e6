import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';

const HOST = '127.0.0.1';

/** On the port of last time if it is free, so that old URLs still lead here. */
export async function listenAgain(server: Server, portFile: string): Promise<number> {
  const former = existsSync(portFile) ? Number(readFileSync(portFile, 'utf8')) : 0;
  const listen = (port: number): Promise<number> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, HOST, () => {
        server.off('error', reject);
        resolve((server.address() as AddressInfo).port);
      });
    });
  const port = await listen(former).catch(() => listen(0));
  writeFileSync(portFile, String(port));
  return port;
}
