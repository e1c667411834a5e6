/** Milliseconds since the epoch with fractions, the same in all processes of the machine. */
export function wallClock(): number {
  return performance.timeOrigin + performance.now();
}
