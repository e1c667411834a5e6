import type { Template } from '@patchbay/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Eye, Pencil, Send, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { deleteTemplate } from '../../api/bulk.js';
import { Menu, MenuItem, MenuLine } from '../../ui/menu.js';
import type { Trigger } from '../../ui/on-demand.js';
import { bulkWords } from '../../words/bulk-words.js';
import { Confirm } from '../settings/confirm.js';
import { TemplateForm } from './template-form.js';
import { TemplatePreview } from './template-preview.js';

const w = bulkWords.template;

/** What is done with a template. */
export function TemplateMenuContent({
  template,
  trigger,
}: {
  template: Template;
  trigger: Trigger;
}) {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const [open, setOpen] = useState<'change' | 'preview' | 'remove' | null>(null);
  const close = () => setOpen(null);
  const remove = async () => {
    await deleteTemplate(template.id);
    toast.success(w.removed);
    await cache.invalidateQueries({ queryKey: ['bulk'] });
  };
  const icon = 'size-4.5';
  return (
    <>
      <Menu trigger={trigger}>
        <MenuItem
          icon={<Send className={icon} />}
          onSelect={() => void navigate({ to: '/bulk/new', search: { template: template.id } })}
        >
          {bulkWords.add}
        </MenuItem>
        <MenuItem icon={<Eye className={icon} />} onSelect={() => setOpen('preview')}>
          {w.preview}
        </MenuItem>
        <MenuItem icon={<Pencil className={icon} />} onSelect={() => setOpen('change')}>
          {w.change}
        </MenuItem>
        <MenuLine />
        <MenuItem danger icon={<Trash2 className={icon} />} onSelect={() => setOpen('remove')}>
          {w.remove}
        </MenuItem>
      </Menu>
      {open === 'change' && <TemplateForm template={template} onClose={close} />}
      {open === 'preview' && <TemplatePreview template={template} onClose={close} />}
      {open === 'remove' && (
        <Confirm
          title={w.removeTitle}
          text={w.removeText}
          submit={w.removeSubmit}
          work={remove}
          onClose={close}
        />
      )}
    </>
  );
}
