/** What a chat shows when its timer for disappearing messages was set. @param seconds 0 is off */
export function timerText(seconds: number): string {
  if (!seconds) return 'Messages no longer disappear';
  const hours = Math.round(seconds / 3600);
  const time = hours <= 24 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
  return `Messages disappear after ${time}`;
}
