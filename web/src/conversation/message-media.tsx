import type { Message } from '@patchbay/contract';
import { Download } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { formatBytes } from '../format/bytes.js';
import { viewerWords } from '../words/viewer-words.js';
import { words } from '../words/words.js';
import { useChatScope } from './chat-scope.js';
import { documentIcon } from './document-icon.js';
import { MessageText } from './message-text.js';
import { VoicePlayer } from './voice-player.js';

/** The longer side of a picture in the thread, and a sticker's (pixels). */
const PICTURE = 320;
const STICKER = 144;

const KINDS = new Set(['image', 'video', 'audio', 'document', 'sticker']);

export function hasMedia(message: Message): boolean {
  return KINDS.has(message.type) && message.mediaUrl !== undefined;
}

/** The file of a message, and what was written under it. */
export function MessageMedia({ message }: { message: Message }) {
  const caption = message.type === 'document' ? (message.caption ?? '') : message.content;
  return (
    <>
      <File message={message} />
      {caption && (
        <MessageText
          text={caption}
          mentions={message.mentions}
          mentionNames={message.mentionNames}
        />
      )}
    </>
  );
}

function File({ message }: { message: Message }) {
  const { type, media, mediaUrl = '' } = message;
  const [failed, setFailed] = useState(0);
  // A file that could not be fetched may come another time.
  const source = failed > 1 ? `${mediaUrl}?again=${failed}` : mediaUrl;
  const onError = () => setFailed((count) => (count % 2 === 0 ? count + 1 : count));
  if (failed % 2 === 1) {
    return <Missing type={type} retry={() => setFailed((count) => count + 1)} />;
  }
  switch (type) {
    case 'image':
    case 'sticker':
      return (
        <Frame message={message} longest={type === 'image' ? PICTURE : STICKER}>
          <Picture message={message} source={source} onError={onError} />
        </Frame>
      );
    case 'video':
      return (
        <Frame message={message} longest={PICTURE}>
          {/* biome-ignore lint/a11y/useMediaCaption: strangers' videos come without captions */}
          <video
            src={source}
            poster={message.thumbnailUrl}
            controls
            loop={media?.gif}
            preload={message.thumbnailUrl ? 'none' : 'metadata'}
            aria-label={message.caption || words.kinds.video}
            onError={onError}
            className="relative size-full"
          />
        </Frame>
      );
    case 'audio':
      return (
        <VoicePlayer
          key={source}
          source={source}
          media={media}
          played={message.status === 'played'}
          onError={onError}
        />
      );
    default:
      return <DocumentLink message={message} />;
  }
}

/** A sticker, or a picture that opens in full. What is on its way yet has no page of its own. */
function Picture({
  message,
  source,
  onError,
}: {
  message: Message;
  source: string;
  onError: () => void;
}) {
  const { view } = useChatScope();
  const image = (
    <img
      src={source}
      alt={message.caption || message.content || words.kinds[message.type]}
      loading="lazy"
      decoding="async"
      onError={onError}
      className="relative size-full object-cover"
    />
  );
  if (message.type === 'sticker' || source.startsWith('blob:')) return image;
  return (
    <button
      type="button"
      title={viewerWords.open}
      onClick={() => view(message)}
      className="block size-full -outline-offset-2"
    >
      {image}
    </button>
  );
}

/** Room of the right shape before the bytes are there, with the blurred thumbnail in it. */
function Frame({
  message,
  longest,
  children,
}: {
  message: Message;
  longest: number;
  children: ReactNode;
}) {
  const width = message.media?.width || 4;
  const height = message.media?.height || 3;
  const scale = longest / Math.max(width, height, 1);
  const shape = { width: Math.max(96, width * scale), height: Math.max(64, height * scale) };
  return (
    <div
      className="relative my-1 max-w-full overflow-hidden rounded-6 bg-sunken"
      style={{ width: shape.width, aspectRatio: `${shape.width} / ${shape.height}` }}
    >
      {message.thumbnailUrl && (
        <img
          src={message.thumbnailUrl}
          alt=""
          aria-hidden
          className="absolute inset-0 size-full scale-110 object-cover blur-sm"
        />
      )}
      {children}
    </div>
  );
}

function DocumentLink({ message }: { message: Message }) {
  const { filename, mediaUrl = '', media } = message;
  const name = filename ?? words.kinds.document;
  const kind = ending(name);
  const facts = [kind, media?.size === undefined ? null : formatBytes(media.size)];
  const Icon = documentIcon(kind ?? '');
  const ours = mediaUrl.startsWith('blob:');
  return (
    <a
      href={mediaUrl ? `${mediaUrl}${ours ? '' : '?download=1'}` : undefined}
      download={filename ?? true}
      title={words.media.download(name ?? '')}
      className="my-1 flex min-h-14 min-w-56 max-w-full items-center gap-3 rounded-6 bg-[color-mix(in_srgb,var(--text)_6%,transparent)] px-3 py-2 hover:bg-[color-mix(in_srgb,var(--text)_10%,transparent)]"
    >
      <Icon className="size-7 shrink-0 text-accent-text" aria-hidden />
      <span className="min-w-0">
        <span className="line-clamp-2 font-medium wrap-anywhere-soft" dir="auto">
          {name}
        </span>
        <span className="text-12 text-soft nums">{facts.filter(Boolean).join(' · ')}</span>
      </span>
      <Download className="ml-auto size-4.5 shrink-0 text-soft" aria-hidden />
    </a>
  );
}

function ending(name = ''): string | null {
  return /\.(\w{1,8})$/.exec(name)?.[1]?.toUpperCase() ?? null;
}

function Missing({ type, retry }: { type: string; retry: () => void }) {
  return (
    <div className="my-1 flex min-h-14 flex-wrap items-center gap-x-3 rounded-6 bg-sunken px-3 text-13 text-soft">
      <span>{words.media.missing(words.kinds[type] ?? '')}</span>
      <button
        type="button"
        onClick={retry}
        className="h-10 rounded-6 font-medium text-accent-text hover:underline"
      >
        {words.send.tryAgain}
      </button>
    </div>
  );
}
