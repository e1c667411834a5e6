import type { Qr, Session } from '@patchbay/contract';
import { useQuery } from '@tanstack/react-query';
import clsx from 'clsx';
import { CircleAlert, Clock, LoaderCircle, Smartphone } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { accountName } from '../../account-name.js';
import { startSession } from '../../api/commands.js';
import { qrQuery } from '../../api/queries.js';
import { messageOf } from '../../api/request.js';
import { formatCountdown } from '../../format/time.js';
import { Button } from '../../ui/button.js';
import { useSeconds } from '../../ui/now.js';
import { words } from '../../words/words.js';
import { useSessionCommand } from '../use-session-command.js';

/** WhatsApp shows the first code for 60 s and each later one for 20 s. */
const FIRST_LIFE_MS = 60_000;
const LATER_LIFE_MS = 20_000;
/** How often to ask again while there is no code that is still good. */
const ASK_AGAIN_MS = 3_000;

/** The QR itself at 232 px with its quiet zone, a ring around it that runs down, and the time left. */
export function QrCode({ session }: { session: Session }) {
  const [frame, inView] = useInView();
  const showsQr = session.state.status === 'qr' || session.state.status === 'pairing';
  const query = useQuery({
    ...qrQuery(session.id),
    enabled: inView && showsQr,
    staleTime: 0,
    refetchInterval: ({ state }) => (isGood(state.data, Date.now()) ? false : ASK_AGAIN_MS),
  });
  const now = useSeconds();
  const qr = showsQr && isGood(query.data, now) ? query.data : null;
  const left = qr ? Date.parse(qr.expiresAt) - now : 0;
  const life = useLife(qr?.code, left);
  return (
    <div ref={frame} className="flex shrink-0 flex-col items-center gap-2">
      <Frame code={qr?.code} share={left / life}>
        {qr ? (
          <img
            src={qr.dataUrl}
            alt={words.link.qrAlt(accountName(session))}
            width={232}
            height={232}
            decoding="sync"
          />
        ) : (
          <Waiting
            session={session}
            error={showsQr ? query.error : null}
            retry={() => void query.refetch()}
          />
        )}
      </Frame>
      <p className="h-5 text-13 text-soft nums" aria-hidden>
        {qr ? words.link.renewsIn(formatCountdown(left)) : ''}
      </p>
    </div>
  );
}

function isGood(qr: Qr | null | undefined, now: number): qr is Qr {
  return !!qr && Date.parse(qr.expiresAt) > now;
}

/** How long the code was good for in all, from what was left when it was first seen. */
function useLife(code: string | undefined, left: number): number {
  const seen = useRef({ code, life: LATER_LIFE_MS });
  if (code !== seen.current.code) {
    seen.current = { code, life: left > LATER_LIFE_MS ? FIRST_LIFE_MS : LATER_LIFE_MS };
  }
  return seen.current.life;
}

const SIDE = 264;
const STROKE = 4;

/** A square of constant size; its edge is the ring. `share` is what is left, 0 to 1. */
function Frame({ code, share, children }: { code?: string; share: number; children: ReactNode }) {
  const edge = {
    x: STROKE / 2,
    y: STROKE / 2,
    width: SIDE - STROKE,
    height: SIDE - STROKE,
    rx: 10,
  };
  return (
    <div className="relative size-66">
      <div
        className={clsx(
          'absolute inset-1 flex items-center justify-center rounded-[8px]',
          code ? 'bg-white' : 'bg-sunken',
        )}
      >
        {children}
      </div>
      <svg
        viewBox={`0 0 ${SIDE} ${SIDE}`}
        fill="none"
        strokeWidth={STROKE}
        className="pointer-events-none absolute inset-0"
        aria-hidden="true"
      >
        <rect {...edge} className="stroke-line" />
        <rect
          {...edge}
          // A new code begins with a full ring instead of running back to it.
          key={code}
          pathLength={1}
          strokeDasharray="1 1"
          strokeDashoffset={1 - Math.min(1, Math.max(0, share))}
          className="stroke-accent transition-[stroke-dashoffset] duration-1000 ease-linear"
          opacity={code ? 1 : 0}
        />
      </svg>
    </div>
  );
}

interface WaitingProps {
  session: Session;
  error: Error | null;
  retry: () => void;
}

/** In the square while there is no code: on its way, paused, failed, or accepted by a phone. */
function Waiting({ session, error, retry }: WaitingProps) {
  const { reason, nextAttemptAt } = session.state;
  const now = useSeconds();
  const again = useSessionCommand(session.id, startSession);
  if (error) {
    return (
      <Inside icon={<CircleAlert />} title={words.link.notShown} text={messageOf(error)}>
        <Button onClick={retry}>{words.errors.retry}</Button>
      </Inside>
    );
  }
  if (reason === 'paired' || reason === 'restart_required') {
    return (
      <Inside icon={<Smartphone />} title={words.link.linking} text={words.link.linkingText} />
    );
  }
  const pause = nextAttemptAt ? Date.parse(nextAttemptAt) - now : 0;
  if (reason === 'qr_expired' || pause > ASK_AGAIN_MS) {
    const text =
      pause > 0 ? words.link.pausedText(formatCountdown(pause)) : words.link.pausedTextSoon;
    return (
      <Inside icon={<Clock />} title={words.link.paused} text={text}>
        <Button busy={again.isPending} onClick={() => again.mutate()}>
          {words.link.showNow}
        </Button>
      </Inside>
    );
  }
  return (
    <Inside
      icon={<LoaderCircle className="animate-turn" />}
      title={words.link.preparing}
      text={words.link.preparingText}
    />
  );
}

function Inside(props: { icon: ReactNode; title: string; text: string; children?: ReactNode }) {
  return (
    <div className="flex flex-col items-center px-5 text-center">
      <div role="status" className="flex flex-col items-center">
        <span className="mb-2 text-soft *:size-6" aria-hidden>
          {props.icon}
        </span>
        <p className="font-medium">{props.title}</p>
        <p className="mt-0.5 text-13 text-soft text-pretty nums">{props.text}</p>
      </div>
      {props.children && <div className="mt-4">{props.children}</div>}
    </div>
  );
}

/** Whether the element is on the screen, or nearly; the QR of an account out of sight is not asked for. */
function useInView() {
  const ref = useRef<HTMLDivElement>(null);
  const [inView, setInView] = useState(false);
  useEffect(() => {
    if (!ref.current) return;
    const observer = new IntersectionObserver(
      ([entry]) => setInView(entry?.isIntersecting ?? false),
      { rootMargin: '200px' },
    );
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return [ref, inView] as const;
}
