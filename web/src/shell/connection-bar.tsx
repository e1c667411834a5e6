import { WifiOff } from 'lucide-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useLiveStatus } from '../live/live.js';
import { words } from '../words/words.js';

/** A break shorter than this is not worth a word: the stream resumes by itself. */
const QUIET_MS = 1_500;

/** A quiet line at the top while the page is not live. */
export function ConnectionBar() {
  const online = useSyncExternalStore(subscribeOnline, () => navigator.onLine);
  const down = useLiveStatus() === 'down';
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!down) return setShown(false);
    const timer = setTimeout(() => setShown(true), QUIET_MS);
    return () => clearTimeout(timer);
  }, [down]);
  return (
    <div role="status">
      {shown && (
        <p className="flex min-h-8 items-center justify-center gap-2 border-b border-line bg-sunken px-4 py-1 text-center text-13 text-soft">
          <WifiOff className="size-4 shrink-0" aria-hidden />
          {online ? words.live.bar : words.live.offline}
        </p>
      )}
    </div>
  );
}

function subscribeOnline(listener: () => void): () => void {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}
