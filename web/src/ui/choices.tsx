import type { ChoiceGroup } from './choices-menu.js';
import { OnDemand, type Trigger } from './on-demand.js';

/** A button with a menu of choices on it; see `ChoiceGroup`. */
export function Choices({ trigger, groups }: { trigger: Trigger; groups: ChoiceGroup[] }) {
  return <OnDemand trigger={trigger} load={load} rest={{ groups }} />;
}

const load = async () => (await import('./choices-menu.js')).ChoicesMenu;
