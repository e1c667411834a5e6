/**
 * What comes alone is given on at once; what comes soon after it is kept and given on together, so
 * that many small changes of a page are one.
 * @param ms between two times of giving
 */
export function gathered<Item>(ms: number, give: (items: Item[]) => void) {
  let waiting: Item[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    const items = waiting;
    waiting = [];
    timer = items.length > 0 ? setTimeout(flush, ms) : undefined;
    if (items.length > 0) give(items);
  };
  return {
    add(item: Item) {
      waiting.push(item);
      if (timer === undefined) flush();
    },
    /** Forgets what waits. */
    stop() {
      clearTimeout(timer);
      waiting = [];
    },
  };
}
