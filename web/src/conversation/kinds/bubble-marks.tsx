import type { Message } from '@patchbay/contract';
import { Pin, Timer } from 'lucide-react';
import { messageWords as words } from '../../words/message-words.js';

/** Before the time in a bubble's corner: pinned, disappearing, edited. */
export function BubbleMarks({ message }: { message: Message }) {
  const { edited = 0, pinned, expiresIn, deleted } = message;
  return (
    <>
      {pinned && <Pin className="size-3" role="img" aria-label={words.pinned} />}
      {expiresIn && <Timer className="size-3" role="img" aria-label={words.timer} />}
      {edited > 0 && !deleted && (
        <span title={edited > 1 ? words.editedTimes(edited) : undefined}>{words.edited}</span>
      )}
    </>
  );
}
