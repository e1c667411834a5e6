import { aims } from '../faults/board.js';
import type { Core } from './core.js';
import { forgetDevice } from './devices.js';
import type { Fault, FaultKind, FaultRequest } from './fault-kinds.js';
import { DEVICE_REMOVED, type Link, REPLACED, streamError } from './link.js';
import { PageLink } from './page-link.js';

/** Kinds that strike a connection as such, not a single stanza. */
const AGAINST_CONNECTIONS: ReadonlySet<FaultKind> = new Set([
  'device_removed',
  'restart_required',
  'service_unavailable',
  'replaced',
  'cut',
  'silence',
  'garbage',
]);

/** Kinds that strike only what runs in a browser. */
const AGAINST_PAGES: ReadonlySet<FaultKind> = new Set([
  'page_reload',
  'page_hang',
  'page_state',
  'page_resync',
]);

/** Puts a fault in force; one against connections strikes those that are open, all as one strike. */
export function addFault(core: Core, request: FaultRequest): Fault {
  const fault = core.faults.add(request);
  const aimed = core.delivery.connected().filter((link) => aims(fault, link.device));
  const victims = aimed.filter((link) => kindsAgainst(link).has(request.kind));
  if (victims.length === 0) return fault;
  core.faults.strikes(request.kind, victims[0]!.device);
  for (const link of victims) strike(core, link, fault);
  return { ...fault, struck: 1 };
}

/** What is in force against connections strikes each new login too. */
export function strikeAtLogin(core: Core, link: Link): void {
  for (const kind of kindsAgainst(link)) {
    const fault = core.faults.strikes(kind, link.device);
    if (fault) strike(core, link, fault);
  }
}

function kindsAgainst(link: Link): ReadonlySet<FaultKind> {
  if (!(link instanceof PageLink)) return AGAINST_CONNECTIONS;
  return new Set([...AGAINST_CONNECTIONS, ...AGAINST_PAGES]);
}

function strike(core: Core, link: Link, fault: Fault): void {
  switch (fault.kind) {
    case 'device_removed': {
      const device = core.world.device(link.device);
      if (device) forgetDevice(core, device);
      else link.end('fault', DEVICE_REMOVED);
      return;
    }
    case 'restart_required':
      link.end('fault', streamError(515));
      return;
    case 'service_unavailable':
      link.end('fault', streamError(503));
      return;
    case 'replaced':
      link.end('fault', REPLACED);
      return;
    case 'cut':
      link.cut('fault');
      return;
    case 'garbage':
      link.sendGarbage();
      return;
    case 'silence':
      link.beSilent(fault.forMs);
      return;
    default:
      if (link instanceof PageLink) link.trouble(fault);
  }
}
