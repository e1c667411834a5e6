import { useEffect, useRef, useState } from 'react';
import { toast } from 'sonner';
import { words } from '../../words/words.js';
import { type Recording, type RecordingTrouble, VoiceRecorder } from './voice-recorder.js';

export type VoiceState =
  | { is: 'idle' }
  | { is: 'recording'; held: boolean; levels: readonly number[]; seconds: number }
  | { is: 'recorded'; recording: Recording; url: string };

export interface Voice {
  state: VoiceState;
  /** `held`: by a finger or button that is still down. */
  start(held: boolean): void;
  /** A press that was a click: the recording goes on by itself. */
  letGo(): void;
  /** To be listened to before it is sent. */
  finish(): void;
  /** Sends what is recorded, or what was said until now. */
  send(): void;
  cancel(): void;
}

/** Shorter than this is a slip of the finger (s). */
const SHORTEST = 0.6;

/** Recording a voice note, from the press to its end. */
export function useVoice(
  onSend: (recording: Recording) => void,
  tell: (state: 'recording' | 'paused') => void,
): Voice {
  const [state, setState] = useState<VoiceState>({ is: 'idle' });
  const recorder = useRef<Promise<VoiceRecorder> | null>(null);
  const url = useRef('');
  const discard = () => {
    void recorder.current?.then((each) => each.cancel()).catch(() => undefined);
    recorder.current = null;
    if (url.current) URL.revokeObjectURL(url.current);
    url.current = '';
  };
  const cancel = () => {
    discard();
    tell('paused');
    setState({ is: 'idle' });
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the composer goes
  useEffect(() => discard, []);

  const stop = async (): Promise<Recording | null> => {
    const recording = recorder.current;
    recorder.current = null;
    return (await (await recording)?.stop()) ?? null;
  };
  return {
    state,
    cancel,
    start(held) {
      if (recorder.current) return;
      setState({ is: 'recording', held, levels: [], seconds: 0 });
      const started = VoiceRecorder.start((levels, seconds) => {
        tell('recording');
        setState((now) =>
          now.is === 'recording' ? { ...now, levels: levels.slice(-LEVELS), seconds } : now,
        );
      });
      recorder.current = started;
      started.catch((trouble: RecordingTrouble) => {
        if (recorder.current !== started) return;
        recorder.current = null;
        setState({ is: 'idle' });
        toast.error(words.voice.troubles[trouble] ?? words.errors.unknown);
      });
    },
    letGo: () => setState((now) => (now.is === 'recording' ? { ...now, held: false } : now)),
    async finish() {
      const recording = await stop().catch(() => null);
      tell('paused');
      if (!recording) return cancel();
      url.current = URL.createObjectURL(recording.blob);
      setState({ is: 'recorded', recording, url: url.current });
    },
    async send() {
      const recording = state.is === 'recorded' ? state.recording : await stop().catch(() => null);
      if (recording && recording.seconds >= SHORTEST) onSend(recording);
      else if (recording) toast(words.voice.tooShort);
      cancel();
    },
  };
}

/** As many as there is room for on a wide screen. */
const LEVELS = 80;
