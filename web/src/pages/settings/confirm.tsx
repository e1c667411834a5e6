import { useMutation } from '@tanstack/react-query';
import { messageOf } from '../../api/request.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { accessWords } from '../../words/access-words.js';

interface ConfirmProps {
  title: string;
  text: string;
  submit: string;
  work: () => Promise<unknown>;
  onClose: () => void;
}

/** Asks once more before what cannot be undone. */
export function Confirm({ title, text, submit, work, onClose }: ConfirmProps) {
  const doing = useMutation({ mutationFn: work, onSuccess: onClose });
  return (
    <Dialog title={title} onClose={onClose}>
      <p className="text-pretty">{text}</p>
      <p role="alert" className="mt-2 min-h-4.5 text-13 text-danger">
        {doing.error && messageOf(doing.error)}
      </p>
      <div className="mt-2 flex justify-end gap-2">
        <Button look="quiet" onClick={onClose} data-autofocus>
          {accessWords.settings.cancel}
        </Button>
        <Button look="danger" busy={doing.isPending} onClick={() => doing.mutate()}>
          {submit}
        </Button>
      </div>
    </Dialog>
  );
}
