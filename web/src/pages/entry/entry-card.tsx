import { LoaderCircle } from 'lucide-react';
import type { ReactNode } from 'react';
import { Mark } from '../../shell/mark.js';
import { words } from '../../words/words.js';

/** What stands before the product: signing in, the first admin, an invitation. */
export function EntryCard({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center px-4 py-12">
      <title>{`${title} · ${words.product}`}</title>
      <div className="w-full max-w-sm">
        <div className="mb-6 flex items-center gap-3">
          <Mark className="size-9" />
          <span className="text-20 font-semibold">{words.product}</span>
        </div>
        <div className="rounded-10 border border-line bg-surface p-6 shadow-1">
          <h1 className="text-20 font-semibold">{title}</h1>
          {children}
        </div>
      </div>
    </main>
  );
}

export function Busy({ text }: { text: string }) {
  return (
    <p role="status" className="mt-3 flex h-10 items-center gap-2 text-soft">
      <LoaderCircle className="size-4 animate-turn" aria-hidden />
      {text}
    </p>
  );
}
