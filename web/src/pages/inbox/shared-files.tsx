import type { Chat, Message, SharedKind } from '@patchbay/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ImageOff, Link2, MessageSquareText, Play } from 'lucide-react';
import { type ComponentType, lazy, type ReactNode, Suspense, useState } from 'react';
import { sharedQuery } from '../../api/inbox.js';
import { messageOf } from '../../api/request.js';
import { documentIcon } from '../../conversation/document-icon.js';
import { linkAt } from '../../conversation/formatting/links.js';
import { formatBytes } from '../../format/bytes.js';
import { formatFull } from '../../format/time.js';
import { IconButton } from '../../ui/button.js';
import { MoreButton } from '../../ui/more-button.js';
import { Segments } from '../../ui/segments.js';
import { Bone } from '../../ui/states.js';
import { When } from '../../ui/when.js';
import { inboxWords as words } from '../../words/inbox-words.js';
import { words as allWords } from '../../words/words.js';
import { Part } from './details-part.js';

const ImageViewer = lazy(() => import('../../conversation/viewer/image-viewer.js'));

const KINDS = ['media', 'documents', 'links'] as const satisfies SharedKind[];

interface ShownProps {
  messages: Message[];
  /** Shows a message in the conversation. */
  onJump: (message: Message) => void;
}

/** What was shared in the chat; from each there is a way to where it was said. */
export function SharedFiles({ chat }: { chat: Chat }) {
  const [kind, setKind] = useState<SharedKind>('media');
  const [viewed, setViewed] = useState<Message | null>(null);
  const navigate = useNavigate({ from: '/inbox' });
  const jump = ({ id }: Message) => {
    setViewed(null);
    void navigate({ search: (search) => ({ ...search, message: id, details: undefined }) });
  };
  return (
    <Part title={words.shared}>
      <Segments
        label={words.sharedKind}
        value={kind}
        options={KINDS.map((value) => ({ value, label: words.sharedKinds[value] }))}
        onChoose={setKind}
      />
      <Found key={kind} chat={chat} kind={kind} onJump={jump} onView={setViewed} />
      {viewed && (
        <Suspense>
          <ImageViewer
            sessionId={chat.sessionId}
            message={viewed}
            onClose={() => setViewed(null)}
            onJump={jump}
          />
        </Suspense>
      )}
    </Part>
  );
}

interface FoundProps extends Omit<ShownProps, 'messages'> {
  chat: Chat;
  kind: SharedKind;
  onView: (message: Message) => void;
}

function Found({ chat, kind, onJump, onView }: FoundProps) {
  const query = useInfiniteQuery(sharedQuery(chat.sessionId, chat.id, kind));
  const messages = query.data?.pages.flatMap((page) => page.messages) ?? [];
  if (query.isPending) return <Loading kind={kind} />;
  if (query.error && messages.length === 0) {
    return (
      <p role="alert" className="mt-3 text-13 text-danger">
        {messageOf(query.error)}
      </p>
    );
  }
  if (messages.length === 0) {
    return <p className="mt-3 text-13 text-soft">{words.sharedNone[kind]}</p>;
  }
  const List: ComponentType<ShownProps> = kind === 'documents' ? Documents : Links;
  return (
    <>
      {kind === 'media' ? (
        <Grid messages={messages} onJump={onJump} onView={onView} />
      ) : (
        <List messages={messages} onJump={onJump} />
      )}
      <MoreButton query={query}>{words.sharedMore}</MoreButton>
    </>
  );
}

function Grid({ messages, onJump, onView }: ShownProps & Pick<FoundProps, 'onView'>) {
  return (
    <ul aria-label={words.sharedKinds.media} className="mt-3 grid grid-cols-3 gap-1">
      {messages.map((message) => (
        <li key={message.id}>
          <Tile message={message} onPress={message.type === 'image' ? onView : onJump} />
        </li>
      ))}
    </ul>
  );
}

/** Pictures open in full; a video is played where it was said. */
function Tile({ message, onPress }: { message: Message; onPress: (message: Message) => void }) {
  const [failed, setFailed] = useState(false);
  const isVideo = message.type === 'video';
  const source = message.thumbnailUrl ?? (isVideo ? undefined : message.mediaUrl);
  const at = formatFull(new Date(message.timestamp));
  const name = words.sharedFrom(allWords.kinds[message.type] ?? '', at);
  return (
    <button
      type="button"
      title={name}
      aria-label={name}
      onClick={() => onPress(message)}
      className="relative block aspect-square w-full overflow-hidden rounded-[4px] bg-sunken outline-offset-1"
    >
      {source && !failed ? (
        <img
          src={source}
          alt=""
          loading="lazy"
          decoding="async"
          onError={() => setFailed(true)}
          className="size-full object-cover"
        />
      ) : (
        !isVideo && <ImageOff className="mx-auto size-5 text-soft" aria-hidden />
      )}
      {isVideo && (
        <span className="absolute inset-0 m-auto flex size-8 items-center justify-center rounded-full bg-black/60 text-white">
          <Play className="size-4" aria-hidden />
        </span>
      )}
    </button>
  );
}

function Documents({ messages, onJump }: ShownProps) {
  return (
    <ul aria-label={words.sharedKinds.documents} className="-mx-2 mt-2">
      {messages.map((message) => {
        const name = message.filename ?? allWords.kinds.document ?? '';
        const Icon = documentIcon(/\.(\w{1,8})$/.exec(name)?.[1] ?? '');
        return (
          <Line key={message.id} message={message} onJump={onJump}>
            <a
              href={message.mediaUrl && `${message.mediaUrl}?download=1`}
              download={name}
              title={allWords.media.download(name)}
              className="flex min-h-11 min-w-0 flex-1 items-center gap-2.5 rounded-6 px-2 py-1 hover:bg-sunken"
            >
              <Icon className="size-6 shrink-0 text-accent-text" aria-hidden />
              <span className="min-w-0">
                <span className="block truncate text-13 font-medium" dir="auto">
                  {name}
                </span>
                <span className="flex gap-1.5 text-12 text-soft nums">
                  {message.media?.size !== undefined && (
                    <span>{formatBytes(message.media.size)}</span>
                  )}
                  <When at={message.timestamp} />
                </span>
              </span>
            </a>
          </Line>
        );
      })}
    </ul>
  );
}

function Links({ messages, onJump }: ShownProps) {
  return (
    <ul aria-label={words.sharedKinds.links} className="-mx-2 mt-2">
      {messages.map((message) => {
        const [link] = linksIn(message.content);
        if (!link) return null;
        return (
          <Line key={message.id} message={message} onJump={onJump}>
            <a
              href={link.href}
              target="_blank"
              rel="noreferrer nofollow"
              className="flex min-h-11 min-w-0 flex-1 items-center gap-2.5 rounded-6 px-2 py-1 hover:bg-sunken"
            >
              <Link2 className="size-5 shrink-0 text-accent-text" aria-hidden />
              <span className="min-w-0">
                <span className="block truncate text-13 font-medium" dir="auto">
                  {message.linkPreview?.title || link.text}
                </span>
                <span className="flex gap-1.5 text-12 text-soft nums">
                  <span className="truncate">{new URL(link.href).hostname}</span>
                  <When at={message.timestamp} className="shrink-0" />
                </span>
              </span>
            </a>
          </Line>
        );
      })}
    </ul>
  );
}

interface LineProps extends Pick<ShownProps, 'onJump'> {
  message: Message;
  children: ReactNode;
}

function Line({ message, onJump, children }: LineProps) {
  return (
    <li className="flex items-center">
      {children}
      <IconButton label={words.sharedJump} onClick={() => onJump(message)}>
        <MessageSquareText className="size-4" aria-hidden />
      </IconButton>
    </li>
  );
}

function linksIn(text: string) {
  const starts = [...text.matchAll(/https?:\/\//gi)].map(({ index }) => linkAt(text, index));
  return starts.filter((link) => link !== null);
}

function Loading({ kind }: { kind: SharedKind }) {
  return (
    <div role="status" aria-label={words.shared} className="mt-3">
      {kind === 'media' ? (
        <div className="grid grid-cols-3 gap-1">
          <Bone className="aspect-square h-auto!" />
          <Bone className="aspect-square h-auto!" />
          <Bone className="aspect-square h-auto!" />
        </div>
      ) : (
        <Bone className="h-11" />
      )}
    </div>
  );
}
