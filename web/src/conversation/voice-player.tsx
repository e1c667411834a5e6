import type { Message } from '@patchbay/contract';
import clsx from 'clsx';
import { Mic, Music, Pause, Play } from 'lucide-react';
import { useRef, useState } from 'react';
import { IconButton } from '../ui/button.js';
import { words } from '../words/words.js';

interface VoicePlayerProps {
  source: string;
  media: Message['media'];
  /** The other side has listened to it. */
  played?: boolean;
  onError: () => void;
  /** Takes the room that there is. */
  wide?: boolean;
}

const FLAT = new Array<number>(64).fill(0);
/** Keys move by so much (s). */
const STEP = 1;
const SPEEDS = [1, 1.5, 2];

/** Whoever listens faster listens faster to the next one too. */
let lastSpeed = 1;
/** One at a time speaks. */
let speaking: HTMLAudioElement | null = null;

/** A voice note with its waveform, or an audio file with a plain line; loaded when it is played. */
export function VoicePlayer({ source, media, played, onError, wide }: VoicePlayerProps) {
  const audio = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState(media?.seconds ?? 0);
  const bars = media?.waveform?.length ? media.waveform : FLAT;
  const toggle = () => {
    const { current } = audio;
    if (!current) return;
    if (current.paused) void current.play().catch(() => undefined);
    else current.pause();
  };
  const seek = (time: number) => {
    setAt(time);
    if (audio.current) audio.current.currentTime = time;
  };
  return (
    <div className={clsx('flex max-w-full items-center gap-1', wide ? 'w-full' : 'my-1 w-76')}>
      {/* biome-ignore lint/a11y/useMediaCaption: there is no text of what people say */}
      <audio
        ref={audio}
        src={source}
        preload="none"
        onPlay={({ currentTarget }) => {
          if (speaking !== currentTarget) speaking?.pause();
          speaking = currentTarget;
          currentTarget.playbackRate = lastSpeed;
          setPlaying(true);
        }}
        onPause={() => setPlaying(false)}
        onEnded={() => setAt(0)}
        onTimeUpdate={({ currentTarget }) => setAt(currentTarget.currentTime)}
        onDurationChange={({ currentTarget: { duration } }) => {
          if (Number.isFinite(duration)) setLength(duration);
        }}
        onError={onError}
      />
      <IconButton label={playing ? words.media.pause : words.media.play} onClick={toggle}>
        {playing ? (
          <Pause className="size-5 fill-current" aria-hidden />
        ) : (
          <Play className="size-5 fill-current" aria-hidden />
        )}
      </IconButton>
      <Position bars={bars} at={at} length={length} onSeek={seek} />
      <span className="w-9 shrink-0 text-right text-12 text-soft nums">
        {clock(playing || at > 0 ? at : length)}
      </span>
      {playing || at > 0 ? (
        <Speed audio={audio} />
      ) : (
        <span className="flex w-10 shrink-0 justify-center">
          <Sign voice={media?.voice ?? false} played={played ?? false} />
        </span>
      )}
    </div>
  );
}

function Sign({ voice, played }: { voice: boolean; played: boolean }) {
  const Icon = voice ? Mic : Music;
  return <Icon className={clsx('size-4', played ? 'text-tick-read' : 'text-soft')} aria-hidden />;
}

function Speed({ audio }: { audio: React.RefObject<HTMLAudioElement | null> }) {
  const [speed, setSpeed] = useState(lastSpeed);
  const next = SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length] ?? 1;
  return (
    <button
      type="button"
      title={words.media.speed(`${speed}×`)}
      aria-label={words.media.speed(`${speed}×`)}
      onClick={() => {
        lastSpeed = next;
        setSpeed(next);
        if (audio.current) audio.current.playbackRate = next;
      }}
      className="inline-flex h-10 w-10 shrink-0 items-center justify-center rounded-6 text-12 font-semibold text-soft hover:bg-sunken hover:text-text nums"
    >
      {speed}×
    </button>
  );
}

interface PositionProps {
  bars: number[];
  at: number;
  length: number;
  onSeek: (time: number) => void;
}

/** The waveform, and the slider that lies over it. */
function Position({ bars, at, length, onSeek }: PositionProps) {
  return (
    <div className="relative h-8 min-w-0 flex-1 rounded-[4px] focus-within:outline-2 focus-within:outline-accent">
      <Waveform bars={bars} played={length > 0 ? at / length : 0} />
      <input
        type="range"
        min={0}
        max={Math.max(length, 0.01)}
        step={0.01}
        value={at}
        aria-label={words.media.position}
        aria-valuetext={`${clock(at)} / ${clock(length)}`}
        onChange={({ currentTarget }) => onSeek(Number(currentTarget.value))}
        onKeyDown={(event) => {
          const by = { ArrowRight: STEP, ArrowLeft: -STEP }[event.key];
          if (by === undefined) return;
          event.preventDefault();
          onSeek(Math.min(length, Math.max(0, at + by)));
        }}
        className="absolute inset-0 size-full cursor-pointer opacity-0"
      />
    </div>
  );
}

function Waveform({ bars, played }: { bars: number[]; played: number }) {
  const width = 100 / bars.length;
  return (
    <svg
      viewBox="0 0 100 100"
      preserveAspectRatio="none"
      className="absolute inset-0 size-full rounded-[4px]"
      aria-hidden
    >
      {bars.map((bar, index) => {
        const height = Math.max(8, Math.min(100, bar));
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: the bars of one sound never move
            key={index}
            x={index * width + width * 0.2}
            y={(100 - height) / 2}
            width={width * 0.6}
            height={height}
            rx={width * 0.3}
            className={(index + 0.5) / bars.length <= played ? 'fill-accent' : 'fill-soft/60'}
          />
        );
      })}
    </svg>
  );
}

/** Minutes and seconds: `1:07`. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
