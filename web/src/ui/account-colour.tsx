import type { Session } from '@patchbay/contract';
import clsx from 'clsx';

const COLOURS = [
  'bg-[light-dark(#3d6bc9,#7ea2ef)]',
  'bg-[light-dark(#a8549c,#da8fce)]',
  'bg-[light-dark(#b8652a,#e89c66)]',
  'bg-[light-dark(#2c8577,#5fc3b3)]',
  'bg-[light-dark(#8a6d1d,#d3b250)]',
  'bg-[light-dark(#6b58c4,#a797f2)]',
];

/** The colour by which an account is known among several. Decoration: its name stands elsewhere. */
export function AccountColour({
  session,
  className,
}: {
  session: Pick<Session, 'slot'>;
  className?: string;
}) {
  return (
    <span
      aria-hidden
      className={clsx('shrink-0', COLOURS[(session.slot - 1) % COLOURS.length], className)}
    />
  );
}
