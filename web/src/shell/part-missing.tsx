import { CloudOff } from 'lucide-react';
import { useEffect } from 'react';
import { Button } from '../ui/button.js';
import { Notice } from '../ui/states.js';
import { words } from '../words/words.js';

const TRY_AGAIN_MS = 5_000;
/** Within this time the page reloads itself once: what is still missing then stays so (ms). */
const AGAIN_AFTER = 60_000;
const RELOADED = 'patchbay-reloaded';

/** Instead of a page whose code did not come: it reloads by itself once the server answers. */
export function PartMissing() {
  useEffect(() => {
    const look = async () => {
      const answer = await fetch('/api/health/live', { cache: 'no-store' }).catch(() => null);
      if (answer?.ok && mayReload()) window.location.reload();
    };
    void look();
    const looking = setInterval(() => void look(), TRY_AGAIN_MS);
    return () => clearInterval(looking);
  }, []);
  return (
    <div role="alert" className="mx-auto">
      <Notice
        icon={<CloudOff className="size-6" aria-hidden />}
        title={words.errors.partTitle}
        text={words.errors.partText}
      >
        <Button onClick={() => window.location.reload()}>{words.errors.reload}</Button>
      </Notice>
    </div>
  );
}

function mayReload(): boolean {
  try {
    if (Date.now() - Number(sessionStorage.getItem(RELOADED) ?? 0) < AGAIN_AFTER) return false;
    sessionStorage.setItem(RELOADED, String(Date.now()));
    return true;
  } catch {
    // Without storage nobody would know that it has been tried.
    return false;
  }
}
