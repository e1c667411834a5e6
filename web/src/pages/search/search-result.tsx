import type { KnowledgeHits } from '@patchbay/contract';
import { Link } from '@tanstack/react-router';
import { MessageSquareText } from 'lucide-react';
import { Fragment, type ReactNode } from 'react';
import { formatPhone } from '../../format/phone.js';
import { buttonClass } from '../../ui/button.js';
import { When } from '../../ui/when.js';
import { knowledgeWords } from '../../words/knowledge-words.js';

const w = knowledgeWords.search;

type Result = KnowledgeHits['results'][number];

/** One approved message, what was found in it marked, with the way to where it was said. */
export function SearchResult({ item, snippet, onTag }: Result & { onTag: (tag: string) => void }) {
  const phone = item.senderPhone ? formatPhone(item.senderPhone) : null;
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-1 px-4 py-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="text-13 text-soft wrap-anywhere-soft">
          <span className="font-medium text-text" dir="auto">
            {item.senderName ?? phone ?? w.somebody}
          </span>{' '}
          · <span dir="auto">{item.groupSubject ?? knowledgeWords.routes.unnamed}</span> ·{' '}
          <When at={item.timestamp} />
        </p>
        <p className="mt-0.5 whitespace-pre-line wrap-anywhere-soft" dir="auto">
          {snippet.text ? marked(snippet) : w.noText}
        </p>
        {item.tags.length > 0 && (
          <ul className="mt-1 flex flex-wrap gap-1">
            {item.tags.map((tag) => (
              <li key={tag}>
                <button
                  type="button"
                  onClick={() => onTag(tag)}
                  className="inline-flex min-h-6 items-center rounded-full bg-accent-soft px-2 text-13 text-accent-text pointer-coarse:min-h-10"
                >
                  #{tag}
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
      <Link
        to="/inbox"
        search={{ chat: `${item.sessionId}/${item.groupId}`, message: item.messageId }}
        className={buttonClass('quiet')}
      >
        <MessageSquareText className="size-4" aria-hidden />
        {w.open}
      </Link>
    </li>
  );
}

function marked({ text, highlights }: Result['snippet']): ReactNode[] {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const { start, end } of highlights) {
    parts.push(<Fragment key={`${at}-`}>{text.slice(at, start)}</Fragment>);
    parts.push(
      <mark key={start} className="rounded-[2px] bg-attention-soft text-text">
        {text.slice(start, end)}
      </mark>,
    );
    at = end;
  }
  parts.push(<Fragment key="rest">{text.slice(at)}</Fragment>);
  return parts;
}
