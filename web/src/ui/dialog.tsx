import clsx from 'clsx';
import { X } from 'lucide-react';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { words } from '../words/words.js';
import { IconButton } from './button.js';

interface DialogProps {
  title: string;
  onClose: () => void;
  /** Room for two columns. */
  wide?: boolean;
  children: ReactNode;
}

/**
 * A modal dialog while it is rendered. The browser's own `<dialog>`: it keeps focus inside, gives it
 * back, closes on Escape, and needs no style element, which our Content-Security-Policy would refuse.
 */
export function Dialog({ title, onClose, wide, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    return () => dialog?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a press beside the dialog; Escape is the browser's
    <dialog
      ref={ref}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === ref.current) onClose();
      }}
      className={clsx(
        'rounded-10 border border-line bg-raised p-0 shadow-3 open:animate-appear',
        wide ? 'w-[min(46rem,calc(100vw-2rem))]' : 'w-[min(28rem,calc(100vw-2rem))]',
      )}
    >
      <div className="p-5">
        <div className="mb-3 flex items-start justify-between gap-4">
          <h2 id={id} className="text-16 font-semibold wrap-anywhere-soft">
            {title}
          </h2>
          <IconButton label={words.accounts.cancel} onClick={onClose} className="-mt-2 -mr-2">
            <X className="size-5" aria-hidden />
          </IconButton>
        </div>
        {children}
      </div>
    </dialog>
  );
}
