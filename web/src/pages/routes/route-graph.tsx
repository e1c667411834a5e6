import { ArrowDown, ArrowRight, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { knowledgeWords } from '../../words/knowledge-words.js';

const w = knowledgeWords.routes;

interface Target {
  id: string;
  subject: string | null;
  isMember?: boolean;
}

/** A group and where its approved messages go: beside each other, or one above the other on a phone. */
export function RouteGraph(props: {
  source: string | null;
  targets: Target[];
  beside?: ReactNode;
}) {
  const { source, targets, beside } = props;
  return (
    <div className="grid items-center gap-x-3 gap-y-1 sm:grid-cols-[minmax(0,1fr)_auto_minmax(0,1fr)]">
      <div>
        <span className="sr-only">{w.from}</span>
        <GroupBox name={source} />
        {beside}
      </div>
      <span className="flex justify-center text-soft" aria-hidden>
        <ArrowRight className="size-5 max-sm:hidden" />
        <ArrowDown className="size-5 sm:hidden" />
      </span>
      <div>
        <span className="sr-only">{w.to}</span>
        <ul className="space-y-1.5 border-line sm:border-l-2 sm:pl-3">
          {targets.map(({ id, subject, isMember }) => (
            <li key={id}>
              <GroupBox name={subject} />
              {isMember === false && (
                <p className="mt-0.5 flex items-center gap-1 text-13 text-attention">
                  <TriangleAlert className="size-3.5 shrink-0" aria-hidden />
                  {w.notMember}
                </p>
              )}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function GroupBox({ name }: { name: string | null }) {
  return (
    <p
      dir="auto"
      className="rounded-6 border border-line bg-sunken px-3 py-2 font-medium wrap-anywhere-soft"
    >
      {name ?? w.unnamed}
    </p>
  );
}
