import type { Chat, Note } from '@patchbay/contract';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import clsx from 'clsx';
import { Pencil, Trash2 } from 'lucide-react';
import { type FormEvent, type KeyboardEvent, useId, useState } from 'react';
import { toast } from 'sonner';
import { changeNote, deleteNote, inboxKeys, notesQuery, writeNote } from '../../api/inbox.js';
import { meQuery } from '../../api/queries.js';
import { messageOf } from '../../api/request.js';
import { Button, IconButton } from '../../ui/button.js';
import { MoreButton } from '../../ui/more-button.js';
import { When } from '../../ui/when.js';
import { inboxWords as words } from '../../words/inbox-words.js';
import { NOTE_FIELD } from './note-field.js';
import { useUserName } from './team-signs.js';

/** What the team tells itself about a chat; none of it is ever sent. */
export function Notes({ chat }: { chat: Chat }) {
  const query = useInfiniteQuery(notesQuery(chat.sessionId, chat.id));
  const notes = query.data?.pages.flatMap((page) => page.notes) ?? [];
  return (
    <>
      <WriteNote chat={chat} />
      {query.error && notes.length === 0 && (
        <p role="alert" className="mt-2 text-13 text-danger">
          {messageOf(query.error)}
        </p>
      )}
      <ul className="mt-2 space-y-2">
        {notes.map((note) => (
          <li key={note.id}>
            <NoteCard note={note} sessionId={chat.sessionId} />
          </li>
        ))}
      </ul>
      <MoreButton query={query}>{words.moreNotes}</MoreButton>
    </>
  );
}

function WriteNote({ chat }: { chat: Chat }) {
  const cache = useQueryClient();
  const write = useMutation({
    mutationFn: (note: string) => writeNote(chat.sessionId, chat.id, note),
    onSuccess: () =>
      void cache.invalidateQueries({ queryKey: inboxKeys.notes(chat.sessionId, chat.id) }),
    onError: tell,
  });
  return (
    <NoteForm
      id={NOTE_FIELD}
      label={words.writeNote}
      busy={write.isPending}
      onSave={async (text) => void (await write.mutateAsync(text))}
    />
  );
}

interface NoteFormProps {
  id?: string;
  label: string;
  /** What the note says now; absent: a new one. */
  text?: string;
  busy: boolean;
  onSave: (text: string) => Promise<void>;
  onCancel?: () => void;
}

/** Where a note is written, or changed. */
function NoteForm({ id, label, text: before = '', busy, onSave, onCancel }: NoteFormProps) {
  const [text, setText] = useState(before);
  const hint = useId();
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (!text.trim() || busy) return;
    // What could not be saved stays in the field.
    onSave(text.trim()).then(
      () => setText(before),
      () => undefined,
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit();
    else if (event.key === 'Escape' && onCancel) onCancel();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <form onSubmit={submit}>
      <textarea
        id={id}
        rows={text ? 3 : 1}
        dir="auto"
        // biome-ignore lint/a11y/noAutofocus: somebody has just asked to change it
        autoFocus={onCancel !== undefined}
        aria-label={label}
        aria-describedby={hint}
        placeholder={label}
        maxLength={10_000}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        className="block w-full resize-none rounded-6 border border-transparent bg-attention-soft px-3 py-2 text-text placeholder:text-attention max-sm:text-16"
      />
      <p id={hint} className={clsx('mt-1 text-12 text-soft', onCancel && 'sr-only')}>
        {words.noteHint}
      </p>
      {(text.trim() || onCancel) && (
        <div className="mt-2 flex justify-end gap-2">
          {onCancel && (
            <Button look="quiet" onClick={onCancel}>
              {words.cancel}
            </Button>
          )}
          <Button type="submit" busy={busy} disabled={!text.trim()}>
            {words.saveNote}
          </Button>
        </div>
      )}
    </form>
  );
}

function NoteCard({ note, sessionId }: { note: Note; sessionId: string }) {
  const cache = useQueryClient();
  const me = useQuery(meQuery).data;
  const nameOf = useUserName();
  const [editing, setEditing] = useState(false);
  const onSuccess = () =>
    void cache.invalidateQueries({ queryKey: inboxKeys.notes(sessionId, note.chatId) });
  const change = useMutation({
    mutationFn: (text: string) => changeNote(sessionId, note.chatId, note.id, text),
    onSuccess,
    onError: tell,
  });
  const remove = useMutation({
    mutationFn: () => deleteNote(sessionId, note.chatId, note.id),
    onSuccess: () => {
      onSuccess();
      const writeAgain = () => void writeNote(sessionId, note.chatId, note.text).catch(tell);
      toast.success(words.noteDeleted, { action: { label: words.undo, onClick: writeAgain } });
    },
    onError: tell,
  });
  if (editing) {
    return (
      <NoteForm
        label={words.editNote}
        text={note.text}
        busy={change.isPending}
        onCancel={() => setEditing(false)}
        onSave={async (text) => {
          await change.mutateAsync(text);
          setEditing(false);
        }}
      />
    );
  }
  const isMine = note.authorId === me?.userId;
  const author = isMine ? words.me : (note.authorName ?? nameOf(note.authorId));
  return (
    <article className="rounded-6 bg-attention-soft px-3 py-2">
      <p className="whitespace-pre-wrap wrap-anywhere-soft" dir="auto">
        {note.text}
      </p>
      <div className="flex min-h-7 items-center gap-2 text-12 text-attention">
        <span className="truncate" dir="auto">
          {author}
        </span>
        <When at={note.timestamp} className="shrink-0 nums" />
        {note.editedAt && <span className="shrink-0">{words.noteEdited}</span>}
        {(isMine || me?.role === 'admin') && (
          <span className="-my-1.5 -mr-2.5 ml-auto flex shrink-0">
            <IconButton
              label={words.editNote}
              onClick={() => setEditing(true)}
              className="text-attention!"
            >
              <Pencil className="size-4" aria-hidden />
            </IconButton>
            <IconButton
              label={words.deleteNote}
              disabled={remove.isPending}
              onClick={() => remove.mutate()}
              className="text-attention!"
            >
              <Trash2 className="size-4" aria-hidden />
            </IconButton>
          </span>
        )}
      </div>
    </article>
  );
}

const tell = (error: unknown) => void toast.error(messageOf(error));
