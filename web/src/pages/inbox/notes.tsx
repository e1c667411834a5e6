import type { Chat, Note } from '@patchbay/contract';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import { deleteNote, inboxKeys, notesQuery, writeNote } from '../../api/inbox.js';
import { meQuery } from '../../api/queries.js';
import { messageOf } from '../../api/request.js';
import { Button, IconButton } from '../../ui/button.js';
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
      {query.hasNextPage && (
        <Button
          look="quiet"
          className="w-full"
          busy={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {words.moreNotes}
        </Button>
      )}
    </>
  );
}

function WriteNote({ chat }: { chat: Chat }) {
  const cache = useQueryClient();
  const [text, setText] = useState('');
  const write = useMutation({
    mutationFn: (note: string) => writeNote(chat.sessionId, chat.id, note),
    onSuccess: () => {
      setText('');
      void cache.invalidateQueries({ queryKey: inboxKeys.notes(chat.sessionId, chat.id) });
    },
    onError: (error) => toast.error(messageOf(error)),
  });
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (text.trim() && !write.isPending) write.mutate(text.trim());
  };
  return (
    <form onSubmit={submit}>
      <textarea
        id={NOTE_FIELD}
        rows={text ? 3 : 1}
        dir="auto"
        aria-label={words.writeNote}
        aria-describedby="note-hint"
        placeholder={words.writeNote}
        maxLength={10_000}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          const send = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
          if (!send) return;
          event.preventDefault();
          submit();
        }}
        className="block w-full resize-none rounded-6 border border-transparent bg-attention-soft px-3 py-2 text-text placeholder:text-attention max-sm:text-16"
      />
      <p id="note-hint" className="mt-1 text-12 text-soft">
        {words.noteHint}
      </p>
      {text.trim() && (
        <div className="mt-2 flex justify-end">
          <Button type="submit" busy={write.isPending}>
            {words.saveNote}
          </Button>
        </div>
      )}
    </form>
  );
}

function NoteCard({ note, sessionId }: { note: Note; sessionId: string }) {
  const cache = useQueryClient();
  const me = useQuery(meQuery).data?.userId;
  const nameOf = useUserName();
  const remove = useMutation({
    mutationFn: () => deleteNote(sessionId, note.chatId, note.id),
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: inboxKeys.notes(sessionId, note.chatId) });
      const writeAgain = () => void writeNote(sessionId, note.chatId, note.text).catch(tell);
      toast.success(words.noteDeleted, { action: { label: words.undo, onClick: writeAgain } });
    },
    onError: tell,
  });
  const author = note.authorId === me ? words.me : (note.authorName ?? nameOf(note.authorId));
  return (
    <article className="group rounded-6 bg-attention-soft px-3 py-2">
      <p className="whitespace-pre-wrap wrap-anywhere-soft" dir="auto">
        {note.text}
      </p>
      <p className="mt-0.5 flex min-h-7 items-center gap-2 text-12 text-attention">
        <span className="truncate" dir="auto">
          {author}
        </span>
        <When at={note.timestamp} className="shrink-0 nums" />
        {note.authorId === me && (
          <IconButton
            label={words.deleteNote}
            disabled={remove.isPending}
            onClick={() => remove.mutate()}
            className="-my-1 -mr-2 ml-auto size-8! text-attention!"
          >
            <Trash2 className="size-4" aria-hidden />
          </IconButton>
        )}
      </p>
    </article>
  );
}

const tell = (error: unknown) => void toast.error(messageOf(error));
