import clsx from 'clsx';
import { FileText, Film, Music, Plus, X } from 'lucide-react';
import { formatBytes } from '../../format/bytes.js';
import { IconButton } from '../../ui/button.js';
import { words } from '../../words/words.js';
import type { Attachment, Attachments } from './attachments.js';

interface TrayProps {
  attachments: Attachments;
  /** The file whose caption is being written. */
  chosen: Attachment | undefined;
  /** Of the first file, whose caption is the draft. */
  draft: string;
  onChoose: (attachment: Attachment) => void;
  onAdd: () => void;
}

/** What is about to be sent: one card for each file, and the one chosen takes the caption. */
export function Tray({ attachments, chosen, draft, onChoose, onAdd }: TrayProps) {
  const { files, refused } = attachments;
  return (
    <>
      {refused.length > 0 && (
        <div
          role="alert"
          className="mb-2 flex items-start gap-2 rounded-6 bg-danger-soft pl-3 text-13 text-danger"
        >
          <div className="min-w-0 flex-1 py-2.5">
            {refused.map((text) => (
              <p key={text} className="wrap-anywhere-soft">
                {text}
              </p>
            ))}
          </div>
          <IconButton label={words.send.dismiss} onClick={attachments.forgetRefused}>
            <X className="size-4" aria-hidden />
          </IconButton>
        </div>
      )}
      {files.length > 0 && (
        <div className="mb-2 flex gap-2 overflow-x-auto p-1">
          <ul aria-label={words.send.attached} className="flex gap-2">
            {files.map((each, index) => (
              <Card
                key={each.key}
                attachment={each}
                caption={index === 0 ? draft : each.caption}
                chosen={each === chosen}
                several={files.length > 1}
                onChoose={() => onChoose(each)}
                onShape={(width, height) => attachments.change(each.key, { width, height })}
                onRemove={() => attachments.remove(each.key)}
              />
            ))}
          </ul>
          <IconButton
            label={words.send.attachMore}
            onClick={onAdd}
            className="h-24! w-12! border border-dashed border-control-line"
          >
            <Plus className="size-5" aria-hidden />
          </IconButton>
        </div>
      )}
    </>
  );
}

interface CardProps {
  attachment: Attachment;
  caption: string;
  chosen: boolean;
  several: boolean;
  onChoose: () => void;
  onShape: (width: number, height: number) => void;
  onRemove: () => void;
}

function Card({ attachment, caption, chosen, several, ...on }: CardProps) {
  const { file } = attachment;
  return (
    <li
      className={clsx(
        'relative flex h-24 w-56 shrink-0 overflow-hidden rounded-6 bg-sunken max-sm:w-48',
        several && chosen && 'outline-2 outline-accent',
      )}
    >
      {several ? (
        <button
          type="button"
          aria-pressed={chosen}
          onClick={on.onChoose}
          className="flex min-w-0 flex-1 items-stretch text-left -outline-offset-2"
        >
          <span className="sr-only">{words.send.captionOf}</span>
          <Facts attachment={attachment} caption={caption} onShape={on.onShape} />
        </button>
      ) : (
        <div className="flex min-w-0 flex-1 items-stretch">
          <Facts attachment={attachment} onShape={on.onShape} />
        </div>
      )}
      <IconButton
        label={words.send.detach(file.name)}
        onClick={on.onRemove}
        className="absolute! top-0 right-0"
      >
        <X className="size-4" aria-hidden />
      </IconButton>
    </li>
  );
}

function Facts({
  attachment,
  caption,
  onShape,
}: Pick<CardProps, 'attachment' | 'onShape'> & { caption?: string }) {
  const { file } = attachment;
  return (
    <>
      <Thumbnail attachment={attachment} onShape={onShape} />
      <span className="flex min-w-0 flex-1 flex-col justify-center px-2.5 pr-9">
        <span className="truncate text-13 font-medium" dir="auto">
          {file.name}
        </span>
        <span className="text-12 text-soft nums">{formatBytes(file.size)}</span>
        {caption !== undefined && (
          <span className="mt-1 truncate text-12 text-soft" dir="auto">
            {caption || words.send.noCaption}
          </span>
        )}
      </span>
    </>
  );
}

const ICONS = { image: FileText, video: Film, audio: Music, document: FileText };

function Thumbnail({
  attachment: { kind, preview },
  onShape,
}: Pick<CardProps, 'attachment' | 'onShape'>) {
  const Icon = ICONS[kind];
  if (kind === 'image' && preview) {
    return (
      <img
        src={preview}
        alt=""
        onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
          onShape(naturalWidth, naturalHeight)
        }
        className="h-full w-24 shrink-0 object-cover max-sm:w-20"
      />
    );
  }
  if (kind === 'video' && preview) {
    return (
      <video
        src={preview}
        muted
        preload="metadata"
        aria-hidden
        onLoadedMetadata={({ currentTarget: { videoWidth, videoHeight } }) =>
          onShape(videoWidth, videoHeight)
        }
        className="h-full w-24 shrink-0 bg-black object-cover max-sm:w-20"
      />
    );
  }
  return (
    <span className="flex w-14 shrink-0 items-center justify-center text-soft">
      <Icon className="size-6" aria-hidden />
    </span>
  );
}
