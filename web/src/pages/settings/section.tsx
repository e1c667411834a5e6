import type { ReactNode } from 'react';
import { Bone, ErrorNotice } from '../../ui/states.js';
import { accessWords } from '../../words/access-words.js';

/** One part of the settings, with what can be done at its upper right. */
export function Section(props: {
  title: string;
  text?: string;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section aria-label={props.title} className="mb-8">
      <header className="mb-3 flex min-h-10 flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h2 className="text-16 font-semibold">{props.title}</h2>
          {props.text && <p className="text-13 text-soft text-pretty">{props.text}</p>}
        </div>
        {props.action}
      </header>
      {props.children}
    </section>
  );
}

/** Rows of a list in one frame. */
export function Rows({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul
      aria-label={label}
      className="divide-y divide-line rounded-10 border border-line bg-surface shadow-1"
    >
      {children}
    </ul>
  );
}

export function Row({ children }: { children: ReactNode }) {
  return (
    <li className="flex min-h-15 flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5">{children}</li>
  );
}

/** Two lines of a row. */
export function RowText({ first, second }: { first: ReactNode; second?: ReactNode }) {
  return (
    <div className="min-w-0 flex-1 basis-52">
      <p className="font-medium wrap-anywhere-soft" dir="auto">
        {first}
      </p>
      {second && <p className="text-13 text-soft wrap-anywhere-soft">{second}</p>}
    </div>
  );
}

function LoadingRows() {
  return (
    <div
      role="status"
      aria-label={accessWords.settings.loading}
      className="divide-y divide-line rounded-10 border border-line bg-surface"
    >
      {['first', 'second', 'third'].map((key) => (
        <div key={key} className="flex h-15 flex-col justify-center gap-2 px-4">
          <Bone className="h-4 w-48" />
          <Bone className="h-3 w-32" />
        </div>
      ))}
    </div>
  );
}

/** What a list shows while it has nothing yet: bones, or what went wrong. */
export function NotYet({ error, retry }: { error: Error | null; retry: () => unknown }) {
  if (!error) return <LoadingRows />;
  return <ErrorNotice error={error} retry={() => void retry()} className="py-10" />;
}
