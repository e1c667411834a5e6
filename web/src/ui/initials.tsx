import clsx from 'clsx';

// Hues far enough from the semantic colours to not be read as a status.
const LOOKS = [
  'bg-[light-dark(#dfe4f2,#252c44)] text-[light-dark(#364684,#b3c0f0)]',
  'bg-[light-dark(#eadff0,#37253f)] text-[light-dark(#6a3a80,#dcb4ee)]',
  'bg-[light-dark(#d9eaed,#16333a)] text-[light-dark(#125666,#8fd0df)]',
  'bg-[light-dark(#f0e3dc,#3d2a20)] text-[light-dark(#7d4324,#edbfa3)]',
  'bg-[light-dark(#f2dee6,#40222f)] text-[light-dark(#84305a,#f0b2cd)]',
];

/** A name's initials on a colour that stays with `id`. Decoration: the name stands beside it. */
export function Initials({
  id,
  name,
  className,
}: {
  id: string;
  name: string;
  className?: string;
}) {
  return (
    <span
      aria-hidden
      className={clsx(
        'inline-flex size-10 shrink-0 items-center justify-center rounded-full text-13 font-semibold uppercase',
        LOOKS[spread(id) % LOOKS.length],
        className,
      )}
    >
      {initialsOf(name)}
    </span>
  );
}

/** A number for an id, far from that of an id with one other digit. */
function spread(id: string): number {
  let mixed = 0;
  for (const character of id) {
    mixed = Math.imul(mixed ^ (character.codePointAt(0) ?? 0), 0x9e3779b1);
    mixed ^= mixed >>> 15;
  }
  return mixed >>> 0;
}

function initialsOf(name: string): string {
  const parts = name.split(/[\s,._-]+/).filter((part) => /\p{L}/u.test(part));
  const letters = [parts[0], parts.length > 1 ? parts.at(-1) : undefined].map(
    (part) => /\p{L}/u.exec(part ?? '')?.[0] ?? '',
  );
  return letters.join('') || '#';
}
