import { FileText, Paperclip, X } from 'lucide-react';
import { type DragEvent, useEffect, useRef, useState } from 'react';
import { formatBytes } from '../format/bytes.js';
import { IconButton } from '../ui/button.js';
import { words } from '../words/words.js';

/** A file chosen to be sent, and for pictures where the browser keeps it. */
export interface Attachment {
  key: number;
  file: File;
  /** A `blob:` address. */
  preview?: string;
}

let lastKey = 0;

const attachmentOf = (file: File): Attachment => ({
  key: ++lastKey,
  file,
  ...(/^image\/(jpeg|png|webp|gif)$/.test(file.type) && { preview: URL.createObjectURL(file) }),
});

/** The files in the tray; those that are sent keep their previews, those taken out do not. */
export function useAttachments() {
  const [attachments, setAttachments] = useState<Attachment[]>([]);
  const add = (files: Iterable<File>) => {
    const added = [...files].map(attachmentOf);
    if (added.length > 0) setAttachments((known) => [...known, ...added]);
  };
  const remove = ({ key, preview }: Attachment) => {
    if (preview) URL.revokeObjectURL(preview);
    setAttachments((known) => known.filter((each) => each.key !== key));
  };
  return { attachments, add, remove, sent: () => setAttachments([]) };
}

export function AttachButton({ onFiles }: { onFiles: (files: Iterable<File>) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        tabIndex={-1}
        aria-hidden
        className="hidden"
        onChange={({ currentTarget }) => {
          onFiles(currentTarget.files ?? []);
          currentTarget.value = '';
        }}
      />
      <IconButton label={words.send.attach} onClick={() => input.current?.click()}>
        <Paperclip className="size-5" aria-hidden />
      </IconButton>
    </>
  );
}

export function Tray({
  attachments,
  onRemove,
}: {
  attachments: Attachment[];
  onRemove: (attachment: Attachment) => void;
}) {
  if (attachments.length === 0) return null;
  return (
    <ul aria-label={words.send.attached} className="mb-2 flex gap-2 overflow-x-auto pt-1 pr-1">
      {attachments.map((attachment) => (
        <li
          key={attachment.key}
          className="relative flex h-16 max-w-60 shrink-0 items-center gap-2 rounded-6 bg-sunken pr-10 pl-2"
        >
          {attachment.preview ? (
            <img src={attachment.preview} alt="" className="size-12 rounded-[4px] object-cover" />
          ) : (
            <FileText className="size-6 shrink-0 text-soft" aria-hidden />
          )}
          <span className="min-w-0">
            <span className="block truncate text-13 font-medium" dir="auto">
              {attachment.file.name}
            </span>
            <span className="text-12 text-soft nums">{formatBytes(attachment.file.size)}</span>
          </span>
          <IconButton
            label={words.send.detach(attachment.file.name)}
            onClick={() => onRemove(attachment)}
            className="absolute! top-0 right-0"
          >
            <X className="size-4" aria-hidden />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}

/** Whether files are being dragged over the window, and what drops them into the tray. */
export function useDrop(onFiles: (files: Iterable<File>) => void) {
  const [over, setOver] = useState(false);
  useEffect(() => {
    // A file dropped beside the target would replace the page.
    const stay = (event: Event) => event.preventDefault();
    window.addEventListener('dragover', stay);
    window.addEventListener('drop', stay);
    return () => {
      window.removeEventListener('dragover', stay);
      window.removeEventListener('drop', stay);
    };
  }, []);
  const hasFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files');
  return {
    over,
    target: {
      onDragEnter: (event: DragEvent) => hasFiles(event) && setOver(true),
      onDragOver: (event: DragEvent) => event.preventDefault(),
      onDragLeave: (event: DragEvent) => {
        const into = event.relatedTarget;
        if (!(into instanceof Node) || !event.currentTarget.contains(into)) setOver(false);
      },
      onDrop: (event: DragEvent) => {
        event.preventDefault();
        setOver(false);
        onFiles(event.dataTransfer.files);
      },
    },
  };
}
