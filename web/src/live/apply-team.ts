import type { PassingEvent } from '@patchbay/contract';
import type { QueryClient } from '@tanstack/react-query';
import { teamKeys } from '../api/team.js';

const KEPT = { labels: teamKeys.labels, 'canned-replies': teamKeys.cannedReplies };

/** Labels and canned replies that somebody has changed are asked for again where they are shown. */
export function applyToTeam(cache: QueryClient, event: PassingEvent): void {
  if (event.name !== 'team.updated') return;
  void cache.invalidateQueries({ queryKey: KEPT[event.data.what] });
}

/** The same for all of them. */
export function askForTeam(cache: QueryClient): void {
  for (const queryKey of Object.values(KEPT)) void cache.invalidateQueries({ queryKey });
}
