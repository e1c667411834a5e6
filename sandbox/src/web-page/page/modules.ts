import { chatCommands } from './chat-settings.js';
import { line } from './line.js';
import type { Kept } from './login-store.js';
import { groupModules } from './modules/groups.js';
import { loginModules } from './modules/login.js';
import { mediaModules } from './modules/media.js';
import { messageCommands, messageModules } from './modules/messages.js';
import { peopleModules } from './modules/people.js';
import { Cmd } from './stores.js';

/** What whatsapp-web.js compares versions with is 2.3000; nothing else of it is looked at. */
const VERSION = '2.3000.1023223821';

/**
 * Gives the window what whatsapp-web.js looks for. The version comes last: its presence says that
 * all the rest is there.
 */
export function offerModules(kept: Kept): void {
  Object.assign(Cmd, messageCommands, chatCommands);
  const modules: Record<string, unknown> = {
    ...loginModules(kept),
    ...peopleModules,
    ...messageModules,
    ...mediaModules,
    ...groupModules,
  };
  const require = (name: string): unknown => {
    if (name in modules) return modules[name];
    line.say({ say: 'unknown-module', name });
    throw new Error(`Requiring unknown module "${name}"`);
  };
  Object.assign(window, { require, Debug: { VERSION } });
}
