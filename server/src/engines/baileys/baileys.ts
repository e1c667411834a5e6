/** The only door to baileys: whoever comes through it has it hardened (order matters). */
import '@patchbay/hardening';

export * from 'baileys';
export { makeWASocket } from 'baileys';
