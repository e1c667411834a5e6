import { messageOf } from '../api/request.js';
import { words } from '../words/words.js';
import { Button } from './button.js';

interface FormEndProps {
  submit: string;
  busy: boolean;
  disabled?: boolean;
  /** It cannot be undone. */
  danger?: boolean;
  /** What the server refused, or what the form lacks. */
  problem?: Error | string | null;
  onCancel: () => void;
}

/** The end of a form in a dialog: what was refused, and the two ways out. */
export function FormEnd({ submit, busy, disabled, danger, problem, onCancel }: FormEndProps) {
  const text = problem instanceof Error ? messageOf(problem) : problem;
  return (
    <>
      {text && (
        <p role="alert" className="pt-1 text-danger text-pretty">
          {text}
        </p>
      )}
      <div className="mt-3 flex justify-end gap-2">
        <Button look="quiet" onClick={onCancel}>
          {words.accounts.cancel}
        </Button>
        <Button type="submit" look={danger ? 'danger' : 'primary'} disabled={disabled} busy={busy}>
          {submit}
        </Button>
      </div>
    </>
  );
}
