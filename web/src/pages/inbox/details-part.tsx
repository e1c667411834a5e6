import type { ReactNode } from 'react';

/** A part of the details under its heading. */
export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="border-t border-line px-4 py-4">
      <h3 className="mb-2 text-12 font-medium text-soft">{title}</h3>
      {children}
    </section>
  );
}
