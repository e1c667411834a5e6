/**
 * Mends baileys 7.0.0-rc14 and the libsignal it brings. `import '@patchbay/hardening'` before the
 * first import of baileys is all there is to it; each module says what it mends and where.
 */
import './shared-async-storage.js';
import './ended-transactions.js';
import './mend-libsignal.js';

export { LISTENER_REJECTED } from './guarded-listeners.js';
