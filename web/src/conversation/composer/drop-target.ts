import { type DragEvent, useEffect, useState } from 'react';

/** Whether files are being dragged over the window, and what drops them into the tray. */
export function useDrop(onFiles: (files: Iterable<File>) => void) {
  const [over, setOver] = useState(false);
  useEffect(() => {
    // Counts, because leaving one element is entering the next.
    let depth = 0;
    const enter = (event: globalThis.DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      depth += 1;
      setOver(true);
    };
    const leave = (event: globalThis.DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    // A file dropped beside the target would replace the page.
    const stay = (event: Event) => event.preventDefault();
    const end = (event: Event) => {
      event.preventDefault();
      depth = 0;
      setOver(false);
    };
    const on = { dragenter: enter, dragleave: leave, dragover: stay, drop: end };
    const listeners = Object.entries(on) as [string, (event: Event) => void][];
    for (const [name, listener] of listeners) window.addEventListener(name, listener);
    return () => {
      for (const [name, listener] of listeners) window.removeEventListener(name, listener);
    };
  }, []);
  return {
    over,
    target: {
      onDragOver: (event: DragEvent) => event.preventDefault(),
      onDrop: (event: DragEvent) => {
        event.preventDefault();
        onFiles(event.dataTransfer.files);
      },
    },
  };
}
