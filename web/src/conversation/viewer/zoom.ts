import { type PointerEvent, useEffect, useRef, useState } from 'react';

const MOST = 5;
const STEP = 1.5;
const AS_IT_IS = { scale: 1, x: 0, y: 0 };

/** Larger and smaller by buttons, keys, wheel and double click; moved by dragging while larger. */
export function useZoom(of: string) {
  const [view, setView] = useState(AS_IT_IS);
  const grabbed = useRef<{ x: number; y: number } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another picture begins as it is
  useEffect(() => setView(AS_IT_IS), [of]);
  const by = (factor: number) =>
    setView(({ scale, x, y }) => {
      const next = Math.min(MOST, Math.max(1, scale * factor));
      return next === 1 ? AS_IT_IS : { scale: next, x: (x * next) / scale, y: (y * next) / scale };
    });
  const larger = view.scale > 1;
  return {
    scale: view.scale,
    most: MOST,
    in: () => by(STEP),
    out: () => by(1 / STEP),
    reset: () => setView(AS_IT_IS),
    style: {
      transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})`,
      cursor: larger ? 'grab' : 'zoom-in',
    },
    area: {
      onWheel: (event: React.WheelEvent) => by(event.deltaY < 0 ? 1.15 : 1 / 1.15),
      onDoubleClick: () => (larger ? setView(AS_IT_IS) : by(2.5)),
      onPointerDown: (event: PointerEvent) => {
        if (!larger) return;
        grabbed.current = { x: event.clientX - view.x, y: event.clientY - view.y };
        event.currentTarget.setPointerCapture(event.pointerId);
      },
      onPointerMove: (event: PointerEvent) => {
        const from = grabbed.current;
        if (!from) return;
        setView(({ scale }) => ({ scale, x: event.clientX - from.x, y: event.clientY - from.y }));
      },
      onPointerUp: () => {
        grabbed.current = null;
      },
    },
  };
}
