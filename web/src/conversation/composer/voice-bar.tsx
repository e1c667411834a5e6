import { Mic, SendHorizontal, Square, Trash2 } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { IconButton } from '../../ui/button.js';
import { words } from '../../words/words.js';
import { clock, VoicePlayer } from '../voice-player.js';
import type { Voice } from './use-voice.js';

/** Longer than this, a press on the microphone is held down rather than clicked (ms). */
const HELD_MS = 400;

/** A click records until the next one; held down, it sends when it is let go. */
export function MicButton({ voice, disabled }: { voice: Voice; disabled: boolean }) {
  return (
    <IconButton
      label={words.voice.record}
      disabled={disabled}
      title={words.voice.hint}
      onPointerDown={(event) => {
        if (event.button !== 0 || disabled) return;
        event.preventDefault();
        voice.start(true);
      }}
      onClick={(event) => {
        // Keys and screen readers press without a pointer.
        if (event.detail === 0) voice.start(false);
      }}
      className="touch-none"
    >
      <Mic className="size-5" aria-hidden />
    </IconButton>
  );
}

/** In place of the field while somebody speaks, and while it is listened to. */
export function VoiceBar({ voice }: { voice: Voice }) {
  const { state } = voice;
  const bar = useRef<HTMLFieldSetElement>(null);
  useHeld(voice, bar);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each state has its own first button
  useEffect(() => {
    bar.current?.querySelector<HTMLElement>('[data-first]')?.focus();
  }, [state.is]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      voice.cancel();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });
  if (state.is === 'idle') return null;
  const recording = state.is === 'recording';
  return (
    <fieldset
      ref={bar}
      aria-label={recording ? words.voice.recording : words.voice.recorded}
      className="flex min-h-10 min-w-0 items-center gap-1"
    >
      <IconButton label={words.voice.discard} onClick={voice.cancel}>
        <Trash2 className="size-5" aria-hidden />
      </IconButton>
      {recording ? (
        <>
          <span className="flex shrink-0 items-center gap-2 px-1 nums" role="timer">
            <span className="size-2.5 animate-breathe rounded-full bg-danger-fill" aria-hidden />
            {clock(Math.floor(state.seconds))}
          </span>
          <Level levels={state.levels} />
          {state.held ? (
            <span className="shrink-0 px-2 text-13 text-soft max-sm:sr-only">
              {words.voice.held}
            </span>
          ) : (
            <IconButton data-first label={words.voice.stop} onClick={voice.finish}>
              <Square className="size-4.5 fill-current text-danger" aria-hidden />
            </IconButton>
          )}
        </>
      ) : (
        <div className="flex min-w-0 flex-1 justify-end">
          <VoicePlayer
            source={state.url}
            media={{ ...state.recording, voice: true }}
            onError={() => undefined}
            wide
          />
        </div>
      )}
      <button
        type="button"
        data-first={recording ? undefined : true}
        title={words.voice.send}
        aria-label={words.voice.send}
        onClick={voice.send}
        className="inline-flex size-10 shrink-0 items-center justify-center rounded-6 bg-accent text-on-accent hover:bg-accent-hover"
      >
        <SendHorizontal className="size-5" aria-hidden />
      </button>
    </fieldset>
  );
}

/**
 * The button that began the recording may be down yet. Let go at once it was a click; later it sends,
 * or, let go far from the bar, lets one listen first.
 */
function useHeld(voice: Voice, bar: React.RefObject<HTMLElement | null>): void {
  const held = voice.state.is === 'recording' && voice.state.held;
  const latest = useRef(voice);
  latest.current = voice;
  useEffect(() => {
    if (!held) return;
    const since = performance.now();
    const onUp = (event: PointerEvent) => {
      if (performance.now() - since < HELD_MS) return latest.current.letGo();
      const box = bar.current?.getBoundingClientRect();
      const near = box && event.clientY > box.top - 40 && event.clientY < box.bottom + 40;
      if (near && event.type === 'pointerup') latest.current.send();
      else latest.current.finish();
    };
    window.addEventListener('pointerup', onUp);
    window.addEventListener('pointercancel', onUp);
    return () => {
      window.removeEventListener('pointerup', onUp);
      window.removeEventListener('pointercancel', onUp);
    };
  }, [held, bar]);
}

/** How loud it is, the newest at the right. */
function Level({ levels }: { levels: readonly number[] }) {
  return (
    <svg
      viewBox="0 0 320 32"
      preserveAspectRatio="xMaxYMid slice"
      className="h-8 min-w-0 flex-1"
      data-level={levels.at(-1) ?? 0}
      aria-hidden
    >
      {levels.map((level, index) => {
        const height = Math.max(2, (level / 100) * 30);
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a place, not a thing
            key={index}
            x={320 - (levels.length - index) * 4}
            y={16 - height / 2}
            width={2.5}
            height={height}
            rx={1.25}
            className="fill-accent"
          />
        );
      })}
    </svg>
  );
}
