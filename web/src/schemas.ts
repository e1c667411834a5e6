import './no-eval.js';

/**
 * What pages check against a schema before the server sees it. Only forms need that: zod and the
 * contract's schemas weigh as much as the rest of a page, so nothing that opens at once imports this.
 */
export { EventName, NotificationEventName, PacingSettings } from '@patchbay/contract';
