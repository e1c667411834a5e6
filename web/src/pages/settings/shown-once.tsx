import { Copy } from 'lucide-react';
import { useId } from 'react';
import { toast } from 'sonner';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { inputClass } from '../../ui/field.js';
import { accessWords } from '../../words/access-words.js';

const w = accessWords.settings;

interface ShownOnceProps {
  title: string;
  text: string;
  label: string;
  secret: string;
  onClose: () => void;
}

/** A link or key that is seen this one time. */
export function ShownOnce({ title, text, label, secret, onClose }: ShownOnceProps) {
  const id = useId();
  const copy = async () => {
    await navigator.clipboard.writeText(secret);
    toast.success(w.copied);
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <p className="mb-3 text-pretty">{text}</p>
      <label htmlFor={id} className="mb-1 block text-13 font-medium">
        {label}
      </label>
      <div className="flex items-center gap-2">
        <input
          id={id}
          readOnly
          value={secret}
          onFocus={(event) => event.target.select()}
          className={inputClass}
        />
        <Button
          icon={<Copy className="size-4" aria-hidden />}
          onClick={() => void copy()}
          data-autofocus
        >
          {w.copy}
        </Button>
      </div>
      <div className="mt-4 flex justify-end">
        <Button look="primary" onClick={onClose}>
          {w.done}
        </Button>
      </div>
    </Dialog>
  );
}
