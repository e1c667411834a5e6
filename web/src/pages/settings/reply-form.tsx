import { type CannedReply, fillCannedReply } from '@patchbay/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouteContext } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { toast } from 'sonner';
import { changeReply, createReply, teamKeys } from '../../api/team.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { Field } from '../../ui/field.js';
import { Check, TextArea } from '../../ui/form.js';
import { FormEnd } from '../../ui/form-end.js';
import { teamWords } from '../../words/team-words.js';

const w = teamWords.replies;
const PLACES = ['{{name}}', '{{phone}}', '{{agent}}'];

/** Adds a canned reply, or changes one. */
export function ReplyForm({ reply, onClose }: { reply?: CannedReply; onClose: () => void }) {
  const { me } = useRouteContext({ from: '/signed-in' });
  const cache = useQueryClient();
  const area = useRef<HTMLDivElement>(null);
  const [shortcut, setShortcut] = useState(reply?.shortcut ?? '');
  const [text, setText] = useState(reply?.text ?? '');
  const [shared, setShared] = useState(reply?.shared ?? false);
  const name = shortcut.trim().replace(/^\//, '');
  const isWrong = name !== '' && !/^[\p{L}\p{N}_-]{1,32}$/u.test(name);
  const save = useMutation({
    mutationFn: () => {
      const body = { shortcut: name, text: text.trim(), shared };
      return reply ? changeReply(reply.id, body) : createReply(body);
    },
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: teamKeys.cannedReplies });
      toast.success(w.saved);
      onClose();
    },
  });
  const insert = (place: string) => {
    const field = area.current?.querySelector('textarea');
    if (!field) return;
    field.focus();
    field.setRangeText(place, field.selectionStart, field.selectionEnd, 'end');
    setText(field.value);
  };
  const agent = me.name ?? w.sample.agent;
  return (
    <Dialog title={reply ? w.editTitle : w.addTitle} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!isWrong) save.mutate();
        }}
      >
        <Field
          label={w.shortcut}
          hint={w.shortcutHint}
          error={isWrong ? w.shortcutWrong : null}
          required
          maxLength={33}
          autoComplete="off"
          spellCheck={false}
          dir="auto"
          data-autofocus
          value={shortcut}
          onChange={(event) => setShortcut(event.target.value)}
        />
        <div ref={area}>
          <TextArea
            label={w.reply}
            hint={w.replyHint}
            required
            rows={5}
            maxLength={4096}
            spellCheck
            dir="auto"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
        <div className="mb-2 flex flex-wrap gap-1">
          {PLACES.map((place) => (
            <Button key={place} aria-label={w.place(place)} onClick={() => insert(place)}>
              <code className="text-13">{place}</code>
            </Button>
          ))}
        </div>
        {text.includes('{{') && (
          <figure className="mb-2 rounded-6 bg-sunken px-3 py-2">
            <figcaption className="text-13 text-soft">{w.preview}</figcaption>
            <p
              className="max-h-40 overflow-y-auto whitespace-pre-line wrap-anywhere-soft"
              dir="auto"
            >
              {fillCannedReply(text, { ...w.sample, agent })}
            </p>
          </figure>
        )}
        <Check
          label={w.share}
          checked={shared}
          onChange={(event) => setShared(event.target.checked)}
        />
        <FormEnd submit={w.save} busy={save.isPending} problem={save.error} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
