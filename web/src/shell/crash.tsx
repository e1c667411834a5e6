import { Link, useRouter } from '@tanstack/react-router';
import { Compass, TriangleAlert } from 'lucide-react';
import { useEffect } from 'react';
import { ApiError } from '../api/request.js';
import { isMissingPart } from '../missing-part.js';
import { Button, buttonClass } from '../ui/button.js';
import { ErrorNotice, Notice } from '../ui/states.js';
import { words } from '../words/words.js';
import { PartMissing } from './part-missing.js';

const TRY_AGAIN_MS = 5_000;

/** Instead of a page that threw, or that could not ask who we are. */
export function Crash({ error }: { error: unknown }) {
  const router = useRouter();
  const unreachable = error instanceof ApiError && error.code === 'unreachable';
  useEffect(() => {
    if (!unreachable) return;
    const trying = setInterval(() => void router.invalidate(), TRY_AGAIN_MS);
    return () => clearInterval(trying);
  }, [unreachable, router]);
  if (isMissingPart(error)) {
    return (
      <main className="flex min-h-full items-center py-16">
        <PartMissing />
      </main>
    );
  }
  return (
    <main className="flex min-h-full items-center py-16">
      {error instanceof ApiError ? (
        <ErrorNotice
          page={words.product}
          error={error}
          retry={() => void router.invalidate()}
          className="mx-auto"
        />
      ) : (
        <Notice
          icon={<TriangleAlert className="size-6" />}
          title={words.errors.crashTitle}
          text={words.errors.crashText}
        >
          <Button onClick={() => window.location.reload()}>{words.errors.reload}</Button>
        </Notice>
      )}
    </main>
  );
}

export function NotFound() {
  return (
    <main className="flex min-h-full items-center py-16">
      <h1 className="sr-only">{words.product}</h1>
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
