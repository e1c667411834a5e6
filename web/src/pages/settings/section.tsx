import type { ReactNode } from 'react';
import { Bone, ErrorNotice, Notice } from '../../ui/states.js';
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
      className="divide-y divide-line rounded-10 border border-line bg-surface shadow-1 empty:hidden"
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

interface ListSectionProps<Item> {
  title: string;
  text?: string;
  /** Names the list. */
  label: string;
  query: { error: Error | null; refetch: () => unknown };
  /** Undefined until they are there. */
  items: readonly Item[] | undefined;
  add: ReactNode;
  /** What the list is for, while there is nothing in it. */
  empty: { icon: ReactNode; title: string; text: string };
  /** Between the title and the list. */
  above?: ReactNode;
  row: (item: Item) => ReactNode;
  /** What lies above the page. */
  children?: ReactNode;
}

/** A section with one list, in all its states. */
export function ListSection<Item>(props: ListSectionProps<Item>) {
  const { title, text, label, query, items, add, empty, above, row, children } = props;
  const isFilled = items !== undefined && items.length > 0;
  return (
    <Section title={title} {...(text && { text })} action={isFilled && add}>
      {!items && <NotYet error={query.error} retry={query.refetch} />}
      {items?.length === 0 && (
        <Notice icon={empty.icon} title={empty.title} text={empty.text} className="py-12">
          {add}
        </Notice>
      )}
      {above}
      {isFilled && <Rows label={label}>{items.map(row)}</Rows>}
      {children}
    </Section>
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
