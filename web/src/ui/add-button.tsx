import { Plus } from 'lucide-react';
import { Button } from './button.js';

/** The one action of a list: another one of what it lists. */
export function AddButton({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <Button look="primary" icon={<Plus className="size-4.5" aria-hidden />} onClick={onClick}>
      {label}
    </Button>
  );
}
