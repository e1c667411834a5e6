import type { CannedReply } from '@patchbay/contract';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouteContext } from '@tanstack/react-router';
import { MessageSquareQuote } from 'lucide-react';
import { useState } from 'react';
import { colleaguesQuery } from '../../api/inbox.js';
import { cannedRepliesQuery, deleteReply, teamKeys } from '../../api/team.js';
import { folded } from '../../format/folded.js';
import { AddButton } from '../../ui/add-button.js';
import { Button } from '../../ui/button.js';
import { inputClass } from '../../ui/field.js';
import { teamWords } from '../../words/team-words.js';
import { Confirm } from './confirm.js';
import { ReplyForm } from './reply-form.js';
import { ListSection, Row } from './section.js';

const w = teamWords.replies;
/** With fewer there is nothing to search in. */
const WORTH_FINDING = 8;

/** Canned replies: the caller's own and those of the team. */
export function Replies() {
  const query = useQuery(cannedRepliesQuery);
  const [adding, setAdding] = useState(false);
  const [typed, setTyped] = useState('');
  const replies = query.data?.replies;
  const wanted = folded(typed.trim());
  const fits = ({ shortcut, text }: CannedReply) => folded(`${shortcut}\n${text}`).includes(wanted);
  return (
    <ListSection
      title={w.title}
      text={w.text}
      label={w.list}
      query={query}
      items={replies}
      add={<AddButton label={w.add} onClick={() => setAdding(true)} />}
      empty={{
        icon: <MessageSquareQuote className="size-6" aria-hidden />,
        title: w.emptyTitle,
        text: w.emptyText,
      }}
      above={
        replies && replies.length >= WORTH_FINDING ? (
          <Find typed={typed} onType={setTyped} none={!replies.some(fits)} />
        ) : null
      }
      row={(reply) => fits(reply) && <ReplyRow key={reply.id} reply={reply} />}
    >
      {adding && <ReplyForm onClose={() => setAdding(false)} />}
    </ListSection>
  );
}

interface FindProps {
  typed: string;
  onType: (typed: string) => void;
  /** Nothing has what is typed. */
  none: boolean;
}

function Find({ typed, onType, none }: FindProps) {
  return (
    <>
      <input
        type="search"
        aria-label={w.find}
        placeholder={w.find}
        autoComplete="off"
        value={typed}
        onChange={(event) => onType(event.target.value)}
        className={`${inputClass} mb-3 sm:max-w-80`}
      />
      {none && (
        <p role="status" className="mb-3 text-soft">
          {w.noneFound}
        </p>
      )}
    </>
  );
}

function ReplyRow({ reply }: { reply: CannedReply }) {
  const { me } = useRouteContext({ from: '/signed-in' });
  const cache = useQueryClient();
  const author = useQuery(colleaguesQuery).data?.find(({ id }) => id === reply.authorId)?.name;
  const [open, setOpen] = useState<'form' | 'delete'>();
  const { id, shortcut, text, shared, authorId } = reply;
  const isMine = authorId === me.userId;
  const whose = shared ? w.shared : w.own;
  return (
    <Row>
      <div className="min-w-0 flex-1 basis-52">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium wrap-anywhere-soft" dir="auto">
            /{shortcut}
          </span>
          <span className="text-13 text-soft">
            {isMine || !author ? whose : `${whose} · ${w.by(author)}`}
          </span>
        </p>
        <p className="line-clamp-2 text-soft whitespace-pre-line wrap-anywhere-soft" dir="auto">
          {text}
        </p>
      </div>
      {(isMine || me.role === 'admin') && (
        <div className="flex gap-1">
          <Button look="quiet" aria-label={w.editOne(shortcut)} onClick={() => setOpen('form')}>
            {w.edit}
          </Button>
          <Button
            look="quiet"
            className="text-danger"
            aria-label={w.deleteOne(shortcut)}
            onClick={() => setOpen('delete')}
          >
            {w.delete}
          </Button>
        </div>
      )}
      {open === 'form' && <ReplyForm reply={reply} onClose={() => setOpen(undefined)} />}
      {open === 'delete' && (
        <Confirm
          title={w.deleteOne(shortcut)}
          text={w.deleteText(shared)}
          submit={w.delete}
          work={async () => {
            await deleteReply(id);
            await cache.invalidateQueries({ queryKey: teamKeys.cannedReplies });
          }}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Row>
  );
}
