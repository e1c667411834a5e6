import { deviceKey } from '../world/world.js';
import type { Core } from './core.js';
import { strikeAtLogin } from './faults.js';
import { attach } from './login.js';
import { PageLink } from './page-link.js';
import type { PageConnection, PageReceiver } from './seam.js';

/** See `SandboxServer.attachPage`. */
export function attachPage(
  core: Core,
  phone: string,
  device: number,
  receiver: PageReceiver,
): PageConnection {
  const key = deviceKey(phone, device);
  const link: PageLink = new PageLink(key, receiver, () => {
    link.forget();
    core.delivery.detach(link);
  });
  attach(core, link);
  core.store.afterCommit(() => strikeAtLogin(core, link));
  return {
    say: (text) => link.sendEncoded(Buffer.from(text)),
    hear: (take) => link.hear(take),
    strikes: (kind) => core.faults.strikes(kind, key),
    cut: () => link.cut(),
  };
}
