import clsx from 'clsx';
import { CircleAlert, CloudOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { toast } from 'sonner';
import { ApiError, messageOf } from '../api/request.js';
import { words } from '../words/words.js';
import { Button } from './button.js';

interface NoticeProps {
  icon: ReactNode;
  title: string;
  text?: string;
  children?: ReactNode;
  className?: string;
}

/** Where a list or page has nothing to show: what it is for and the one next step. */
export function Notice({ icon, title, text, children, className }: NoticeProps) {
  return (
    <div
      className={clsx('mx-auto flex max-w-md flex-col items-center px-6 text-center', className)}
    >
      <div className="mb-4 flex size-12 items-center justify-center rounded-10 bg-sunken text-soft">
        {icon}
      </div>
      <h2 className="text-16 font-semibold">{title}</h2>
      {text && <p className="mt-1 text-soft text-pretty">{text}</p>}
      {children && <div className="mt-5 flex flex-wrap justify-center gap-2">{children}</div>}
    </div>
  );
}

/** What happened, a retry, and the request's id to copy. */
export function ErrorNotice({
  page,
  error,
  retry,
  className,
}: {
  /** Where it stands for a whole page: the page's name, for those who do not see it. */
  page?: string;
  error: unknown;
  retry?: () => void;
  className?: string;
}) {
  const api = error instanceof ApiError ? error : null;
  const offline = api?.code === 'unreachable';
  const requestId = api?.requestId;
  const copy = async () => {
    await navigator.clipboard.writeText(requestId ?? '');
    toast.success(words.errors.copied);
  };
  return (
    <div role="alert" className={className}>
      {page && <h1 className="sr-only">{page}</h1>}
      <Notice
        icon={offline ? <CloudOff className="size-6" /> : <CircleAlert className="size-6" />}
        title={offline ? words.errors.offlineTitle : words.errors.title}
        text={offline ? words.errors.offlineText : messageOf(error)}
      >
        {retry && <Button onClick={retry}>{words.errors.retry}</Button>}
        {requestId && (
          <Button look="quiet" onClick={copy}>
            {words.errors.copyId}
          </Button>
        )}
      </Notice>
    </div>
  );
}

/** A grey shape where something is about to be. */
export function Bone({ className }: { className: string }) {
  return <div aria-hidden className={clsx('animate-breathe rounded-6 bg-sunken', className)} />;
}
