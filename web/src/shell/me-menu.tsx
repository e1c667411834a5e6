import type { Me } from '@patchbay/contract';
import { OnDemand, type Trigger } from '../ui/on-demand.js';

interface MeMenuProps {
  me: Me;
  trigger: Trigger;
  side: 'top' | 'right';
}

/** Notices, the API's documentation, sign out; on a phone also what the rail has. */
export function MeMenu({ trigger, ...rest }: MeMenuProps) {
  return <OnDemand trigger={trigger} load={load} rest={rest} />;
}

const load = async () => (await import('./me-menu-content.js')).MeMenuContent;
