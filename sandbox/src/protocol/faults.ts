import { aims } from '../faults/board.js';
import type { Core } from './core.js';
import { forgetDevice } from './devices.js';
import { type Link, REPLACED, streamError } from './link.js';
import type { Fault, FaultKind, FaultRequest } from './seam.js';

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

/** Puts a fault in force; one against connections strikes those that are open, all as one strike. */
export function addFault(core: Core, request: FaultRequest): Fault {
  const fault = core.faults.add(request);
  if (!AGAINST_CONNECTIONS.has(request.kind)) return fault;
  const victims = core.delivery.connected().filter((link) => aims(fault, link.device));
  if (victims.length === 0) return fault;
  core.faults.strikes(request.kind, victims[0]!.device);
  for (const link of victims) strike(core, link, fault);
  return { ...fault, struck: 1 };
}

/** What is in force against connections strikes each new login too. */
export function strikeAtLogin(core: Core, link: Link): void {
  for (const kind of AGAINST_CONNECTIONS) {
    const fault = core.faults.strikes(kind, link.device);
    if (fault) strike(core, link, fault);
  }
}

function strike(core: Core, link: Link, fault: Fault): void {
  switch (fault.kind) {
    case 'device_removed': {
      const device = core.world.device(link.device);
      if (device) forgetDevice(core, device);
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
  }
}
