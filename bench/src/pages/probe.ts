/** What the pages' own clock says; put into every page before its scripts. Times in milliseconds. */
export interface Probe {
  /** Frames from now on. */
  startFrames(): void;
  /** Time between each frame and the one before. */
  frames(): number[];
  /** Resolves with the page's time when what the selector says has been painted. */
  painted(selector: string): Promise<number>;
  /** The same, counted from the next press of a key or button. */
  paintedAfterPress(selector: string): Promise<number>;
  /** The end of the last task of more than 50 ms, so far. */
  lastLongTask(): number;
  /** Of each press of a key: until the page heard of it, and until the next frame was painted. */
  presses(): { delay: number; toPaint: number }[];
}

declare global {
  interface Window {
    probe: Probe;
  }
}

/** Runs in the page: it must not use anything from outside. */
export function installProbe(): void {
  let frames: number[] = [];
  let running = false;
  let lastLongTask = 0;
  const presses: { delay: number; toPaint: number }[] = [];

  // A message that is posted in a frame comes when that frame has been painted.
  const afterPaint = (then: (at: number) => void) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => then(performance.now());
      port2.postMessage(null);
    });
  const painted = (selector: string) =>
    new Promise<number>((resolve) => {
      const look = () => {
        if (document.querySelector(selector)) afterPaint(resolve);
        else requestAnimationFrame(look);
      };
      look();
    });
  const countFrames = () => {
    if (running) return;
    running = true;
    let before = performance.now();
    const next = (now: number) => {
      frames.push(now - before);
      before = now;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  };

  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) lastLongTask = startTime + duration;
  }).observe({ type: 'longtask', buffered: true });
  window.addEventListener(
    'keydown',
    ({ timeStamp }) => {
      const delay = performance.now() - timeStamp;
      afterPaint((at) => presses.push({ delay, toPaint: at - timeStamp }));
    },
    { capture: true },
  );
  window.probe = {
    startFrames() {
      frames = [];
      countFrames();
    },
    frames: () => frames.slice(1),
    painted,
    paintedAfterPress: (selector) =>
      new Promise((resolve) => {
        const pressed = ({ timeStamp }: Event) => {
          window.removeEventListener('click', pressed, { capture: true });
          void painted(selector).then((at) => resolve(at - timeStamp));
        };
        window.addEventListener('click', pressed, { capture: true });
      }),
    lastLongTask: () => lastLongTask,
    presses: () => presses.splice(0),
  };
}
