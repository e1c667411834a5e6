import clsx from 'clsx';
import { type KeyboardEvent, type PointerEvent, useRef } from 'react';

interface PaneDividerProps {
  label: string;
  /** Of the pane that is resized (px). */
  width: number;
  least: number;
  most: number;
  /** On which side of the divider this pane is. */
  pane: 'before' | 'after';
  onWidth: (width: number) => void;
  className?: string;
}

/** Arrow keys move by so much (px). */
const STEP = 16;

/** The line between two panes: dragged, or moved by the arrow keys. */
export function PaneDivider(props: PaneDividerProps) {
  const { label, width, least, most, pane, onWidth, className } = props;
  const start = useRef({ x: 0, width: 0 });
  const sign = pane === 'before' ? 1 : -1;
  const set = (next: number) => onWidth(Math.round(Math.min(most, Math.max(least, next))));
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    start.current = { x: event.clientX, width };
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    set(start.current.width + sign * (event.clientX - start.current.x));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: STEP, ArrowLeft: -STEP }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    set(width + sign * step);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a line that can be moved has no element of its own
    <div
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation="vertical"
      aria-valuenow={width}
      aria-valuemin={least}
      aria-valuemax={most}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onKeyDown={onKeyDown}
      className={clsx(
        'relative z-2 -mx-1 w-2 shrink-0 cursor-col-resize touch-none outline-none',
        'after:absolute after:inset-y-0 after:left-1 after:w-px after:bg-line hover:after:bg-accent focus-visible:after:w-0.5 focus-visible:after:bg-accent',
        className,
      )}
    />
  );
}
