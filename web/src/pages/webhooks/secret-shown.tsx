import { Copy } from 'lucide-react';
import { toast } from 'sonner';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { webhookWords } from '../../words/webhook-words.js';

const w = webhookWords.secret;

/** The only time that the secret is seen. */
export function SecretShown({ secret, onClose }: { secret: string; onClose: () => void }) {
  const copy = async () => {
    await navigator.clipboard.writeText(secret);
    toast.success(w.copied);
  };
  return (
    <Dialog title={w.title} onClose={onClose}>
      <p className="mb-3 text-pretty">{w.text}</p>
      <div className="flex items-center gap-2 rounded-6 border border-control-line bg-sunken p-2 pl-3">
        <code className="min-w-0 flex-1 text-13 wrap-anywhere-soft">{secret}</code>
        <Button
          look="secondary"
          icon={<Copy className="size-4" aria-hidden />}
          onClick={() => void copy()}
          data-autofocus
        >
          {w.copy}
        </Button>
      </div>
      <p className="mt-3 text-13 text-soft text-pretty wrap-anywhere-soft">{w.how}</p>
      <div className="mt-4 flex justify-end">
        <Button look="primary" onClick={onClose}>
          {w.done}
        </Button>
      </div>
    </Dialog>
  );
}
