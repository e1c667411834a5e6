import { Bone } from '../ui/states.js';
import { words } from '../words/words.js';

/** Before the messages of a chat, or the code that shows them, are here. */
export function LoadingThread() {
  return (
    <div
      role="status"
      aria-label={words.messages.loading}
      className="flex min-h-0 flex-1 flex-col justify-end gap-2 overflow-hidden p-4"
    >
      <Bone className="h-9 w-56" />
      <Bone className="h-9 w-72 self-end" />
      <Bone className="h-14 w-64" />
      <Bone className="h-9 w-40 self-end" />
    </div>
  );
}
