import { Link } from '@tanstack/react-router';
import { Compass, TriangleAlert } from 'lucide-react';
import { ApiError } from '../api/request.js';
import { Button, buttonClass } from '../ui/button.js';
import { ErrorNotice, Notice } from '../ui/states.js';
import { words } from '../words/words.js';

/** Instead of a page that threw. */
export function Crash({ error, reset }: { error: unknown; reset?: () => void }) {
  const reload = () => window.location.reload();
  return (
    <main className="flex min-h-full items-center py-16">
      {error instanceof ApiError ? (
        <ErrorNotice error={error} retry={reset ?? reload} className="mx-auto" />
      ) : (
        <Notice
          icon={<TriangleAlert className="size-6" />}
          title={words.errors.crashTitle}
          text={words.errors.crashText}
        >
          <Button onClick={reload}>{words.errors.reload}</Button>
        </Notice>
      )}
    </main>
  );
}

export function NotFound() {
  return (
    <main className="flex min-h-full items-center py-16">
      <Notice
        icon={<Compass className="size-6" />}
        title={words.errors.notFoundTitle}
        text={words.errors.notFoundText}
      >
        <Link to="/accounts" className={buttonClass('secondary')}>
          {words.nav.accounts}
        </Link>
      </Notice>
    </main>
  );
}
