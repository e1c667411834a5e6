import type { Message } from '@patchbay/contract';
import {
  ChevronLeft,
  ChevronRight,
  Download,
  MessageSquareText,
  X,
  ZoomIn,
  ZoomOut,
} from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { called } from '../../format/called.js';
import { formatFull } from '../../format/time.js';
import { viewerWords } from '../../words/viewer-words.js';
import { words } from '../../words/words.js';
import { FormattedText } from '../formatting/formatted-text.js';
import { useChatImages } from './chat-images.js';
import { useZoom } from './zoom.js';

interface ImageViewerProps {
  sessionId: string;
  message: Message;
  onClose: () => void;
  /** Shows the picture's message in the conversation; absent: it stands behind the viewer. */
  onJump?: (message: Message) => void;
}

/** A picture as large as the window, and from it to the other pictures of its chat. */
export default function ImageViewer({ sessionId, message, onClose, onJump }: ImageViewerProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { image, previous, next, show } = useChatImages(sessionId, message);
  const zoom = useZoom(image.id);
  useEffect(() => {
    const { current } = dialog;
    current?.showModal();
    return () => current?.close();
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    const { key } = event;
    if (key === 'ArrowLeft' && previous) show(previous);
    else if (key === 'ArrowRight' && next) show(next);
    else if (key === '+' || key === '=') zoom.in();
    else if (key === '-') zoom.out();
    else if (key === '0') zoom.reset();
    else return;
    event.preventDefault();
  };
  const author = image.fromMe ? words.messages.you : called(image.senderName);
  const url = image.mediaUrl ?? '';
  return (
    <dialog
      ref={dialog}
      aria-label={viewerWords.title}
      onKeyDown={onKeyDown}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      className="m-0 h-dvh max-h-none w-dvw max-w-none bg-[#0b100f] p-0 text-[#e6ecea] open:flex open:flex-col"
    >
      <header className="flex shrink-0 items-center gap-1 px-3 py-2">
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium" dir="auto">
            {author}
          </p>
          <time dateTime={image.timestamp} className="block truncate text-12 text-[#a3b0ac]">
            {formatFull(new Date(image.timestamp))}
          </time>
        </div>
        <Tool label={viewerWords.zoomOut} disabled={zoom.scale <= 1} onClick={zoom.out}>
          <ZoomOut className="size-5" aria-hidden />
        </Tool>
        <Tool label={viewerWords.zoomIn} disabled={zoom.scale >= zoom.most} onClick={zoom.in}>
          <ZoomIn className="size-5" aria-hidden />
        </Tool>
        {onJump && (
          <Tool label={viewerWords.jump} onClick={() => onJump(image)}>
            <MessageSquareText className="size-5" aria-hidden />
          </Tool>
        )}
        <a
          href={`${url}?download=1`}
          download
          title={viewerWords.download}
          aria-label={viewerWords.download}
          className={toolClass}
        >
          <Download className="size-5" aria-hidden />
        </a>
        <Tool label={viewerWords.close} onClick={onClose} first>
          <X className="size-5" aria-hidden />
        </Tool>
      </header>
      <div className="relative min-h-0 flex-1 overflow-hidden" {...zoom.area}>
        {image.thumbnailUrl && (
          <img
            src={image.thumbnailUrl}
            alt=""
            aria-hidden
            className="absolute inset-0 size-full object-contain opacity-60 blur-md"
          />
        )}
        <img
          key={image.id}
          src={url}
          alt={image.caption || image.content || words.kinds.image}
          draggable={false}
          className="absolute inset-0 size-full object-contain transition-transform select-none"
          style={zoom.style}
        />
        {previous && (
          <Side label={viewerWords.previous} onClick={() => show(previous)} at="left-2">
            <ChevronLeft className="size-6" aria-hidden />
          </Side>
        )}
        {next && (
          <Side label={viewerWords.next} onClick={() => show(next)} at="right-2">
            <ChevronRight className="size-6" aria-hidden />
          </Side>
        )}
      </div>
      {image.content && (
        <p className="max-h-28 shrink-0 overflow-y-auto px-4 py-3 text-center">
          <FormattedText text={image.content} />
        </p>
      )}
    </dialog>
  );
}

const toolClass =
  'inline-flex size-10 shrink-0 items-center justify-center rounded-6 text-[#e6ecea] outline-offset-2 hover:bg-white/10 focus-visible:outline-[#6ccabf] aria-disabled:opacity-40';

interface ToolProps {
  label: string;
  onClick: () => void;
  disabled?: boolean;
  first?: boolean;
  children: ReactNode;
}

function Tool({ label, onClick, disabled, first, children }: ToolProps) {
  return (
    <button
      type="button"
      // biome-ignore lint/a11y/noAutofocus: the viewer was asked for, and this is the way out of it
      autoFocus={first}
      title={label}
      aria-label={label}
      // A disabled button would lose the focus, and with it the keys.
      aria-disabled={disabled}
      onClick={() => !disabled && onClick()}
      className={toolClass}
    >
      {children}
    </button>
  );
}

function Side({
  at,
  label,
  onClick,
  children,
}: Omit<ToolProps, 'first' | 'disabled'> & { at: string }) {
  return (
    <button
      type="button"
      title={label}
      aria-label={label}
      onClick={onClick}
      onPointerDown={(event) => event.stopPropagation()}
      className={`absolute top-1/2 ${at} inline-flex size-12 -translate-y-1/2 items-center justify-center rounded-full bg-black/50 outline-offset-2 hover:bg-black/70 focus-visible:outline-[#6ccabf]`}
    >
      {children}
    </button>
  );
}
