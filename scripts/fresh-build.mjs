import { prepare } from './prepare.mjs';

/** What tests start as programs is of today's sources, however vitest was started. */
export default () => prepare(['server', 'sandbox']);
