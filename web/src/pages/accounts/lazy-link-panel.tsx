import type { Session } from '@patchbay/contract';
import { lazy, Suspense } from 'react';

const Panel = lazy(async () => ({ default: (await import('./link-panel.js')).LinkPanel }));

/** The ways to link. Most accounts are linked, so their code comes only for those that are not. */
export function LinkPanel({ session }: { session: Session }) {
  return (
    // As high as the panel with a QR, so that nothing moves when it comes.
    <Suspense fallback={<div className="h-87 max-sm:h-150" />}>
      <Panel session={session} />
    </Suspense>
  );
}
