import type { Message } from '@patchbay/contract';
import { type ReactNode, useState, useSyncExternalStore } from 'react';
import { toast } from 'sonner';
import { cancelSend } from '../../api/commands.js';
import { messageOf } from '../../api/request.js';
import { formatClock } from '../../format/time.js';
import { words } from '../../words/words.js';
import { useChatScope } from '../chat-scope.js';
import { unsent } from '../sending/unsent.js';

/** Most messages leave within a moment: nothing is said of those (ms). */
const WORTH_SAYING = 10_000;
const ENDED = new Set(['failed', 'expired', 'cancelled']);

/** Under one of our messages: how it goes while it goes, or why it ended. */
export function SendState({ message, actions }: { message: Message; actions: ReactNode }) {
  const { status, dueAt, error } = message;
  if (!message.fromMe) return null;
  if (ENDED.has(status)) {
    const cancelled = status === 'cancelled';
    return (
      <div
        className={`mt-1 flex flex-wrap items-center justify-end gap-x-2 text-13 ${cancelled ? 'text-soft' : 'text-danger'}`}
      >
        <span className="wrap-anywhere-soft">
          {error ?? (cancelled ? words.ticks.cancelled : words.send.failed)}
        </span>
        {actions}
      </div>
    );
  }
  if (status !== 'queued') return null;
  if (dueAt && Date.parse(dueAt) > Date.now() + WORTH_SAYING) {
    return <Due message={message} at={dueAt} />;
  }
  return <OnItsWay id={message.id} />;
}

/** A message whose turn comes later, by its schedule or by pacing. */
function Due({ message, at }: { message: Message; at: string }) {
  const { sessionId } = useChatScope();
  const [busy, setBusy] = useState(false);
  const cancel = () => {
    setBusy(true);
    cancelSend(sessionId, message.id)
      .catch((error: unknown) => toast.error(messageOf(error)))
      .finally(() => setBusy(false));
  };
  return (
    <div className="mt-1 flex flex-wrap items-center justify-end gap-x-2 text-13 text-soft nums">
      <span>{words.pacing.due(formatClock(new Date(at)))}</span>
      <button
        type="button"
        disabled={busy}
        onClick={cancel}
        className="h-10 rounded-6 px-2 font-medium text-accent-text hover:underline"
      >
        {words.send.cancel}
      </button>
    </div>
  );
}

/** Not with the server yet: how much of a file has left, or that the server is away. */
function OnItsWay({ id }: { id: string }) {
  const all = useSyncExternalStore(unsent.subscribe, unsent.snapshot);
  const pending = all.find((each) => each.key === id);
  if (pending?.waits) return <p className="mt-1 text-13 text-soft">{words.send.offline}</p>;
  if (pending?.progress === undefined) return null;
  const { progress } = pending;
  return (
    <div className="mt-1 flex items-center gap-2 text-13 text-soft">
      <progress
        value={progress}
        max={1}
        aria-label={words.send.uploading}
        className="poll-bar h-1.5 w-40"
      />
      <button
        type="button"
        onClick={pending.discard}
        className="h-10 rounded-6 px-2 font-medium text-accent-text hover:underline"
      >
        {words.send.cancel}
      </button>
    </div>
  );
}
