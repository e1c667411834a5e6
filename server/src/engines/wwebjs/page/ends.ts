import type { DisconnectCause } from '../../engine-events.js';
import { textOf } from '../protocol.js';

/** The states of WhatsApp Web with which the library gives up (util/Constants.js, WAState), and LOGOUT. */
const CAUSES: Record<string, DisconnectCause> = {
  LOGOUT: 'logged-out',
  UNPAIRED: 'logged-out',
  UNPAIRED_IDLE: 'logged-out',
  CONFLICT: 'replaced',
  DEPRECATED_VERSION: 'client-outdated',
  SMB_TOS_BLOCK: 'banned',
  TOS_BLOCK: 'banned',
};

/** @param wasLinked what was never linked cannot be logged out */
export function endOf(state: string, wasLinked: boolean): DisconnectCause {
  const cause = CAUSES[state] ?? 'transient';
  return cause === 'logged-out' && !wasLinked ? 'transient' : cause;
}

/** Chromium could not load the page: that is the network, not the browser. */
export function isNetworkTrouble(error: unknown): boolean {
  return /net::ERR_/.test(textOf(error));
}
