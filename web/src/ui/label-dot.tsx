import type { TeamLabel } from '@patchbay/contract';

/** Colours of labels, far enough apart to be told from each other, on light and on dark. */
export const LABEL_COLOURS = [
  '#c2410c',
  '#b7791f',
  '#4d7c0f',
  '#0f766e',
  '#2563eb',
  '#7c3aed',
  '#be185d',
] as const;

/** A label as a dot of its colour. */
export function LabelDot({ label }: { label: Pick<TeamLabel, 'color'> }) {
  return (
    <svg viewBox="0 0 8 8" className="size-2 shrink-0" aria-hidden="true">
      <circle cx="4" cy="4" r="4" fill={label.color} />
    </svg>
  );
}

/** The colour of the next label of so many. */
export const nextColour = (labels: number): string =>
  LABEL_COLOURS[labels % LABEL_COLOURS.length] ?? LABEL_COLOURS[0];
