import type { Chatbot } from '@patchbay/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Pencil, Power, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { changeChatbot, deleteChatbot } from '../../api/chatbots.js';
import { messageOf } from '../../api/request.js';
import { Menu, MenuItem, MenuLine } from '../../ui/menu.js';
import type { Trigger } from '../../ui/on-demand.js';
import { chatbotWords as w } from '../../words/chatbot-words.js';
import { Confirm } from '../settings/confirm.js';
import { ChatbotForm } from './chatbot-form.js';

/** What is done with a chatbot less often. */
export function ChatbotMenuContent({ chatbot, trigger }: { chatbot: Chatbot; trigger: Trigger }) {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const [open, setOpen] = useState<'change' | 'remove' | null>(null);
  const close = () => setOpen(null);
  const refresh = () => cache.invalidateQueries({ queryKey: ['chatbots'] });
  const toggle = useMutation({
    mutationFn: () => changeChatbot(chatbot.id, { enabled: !chatbot.enabled }),
    onSuccess: refresh,
    onError: (error) => toast.error(messageOf(error)),
  });
  const remove = async () => {
    await deleteChatbot(chatbot.id);
    toast.success(w.removed);
    await navigate({ to: '/chatbots' });
    await refresh();
  };
  const icon = 'size-4.5';
  return (
    <>
      <Menu trigger={trigger}>
        <MenuItem icon={<Pencil className={icon} />} onSelect={() => setOpen('change')}>
          {w.change}
        </MenuItem>
        <MenuItem icon={<Power className={icon} />} onSelect={() => toggle.mutate()}>
          {chatbot.enabled ? w.turnOff : w.turnOn}
        </MenuItem>
        <MenuLine />
        <MenuItem danger icon={<Trash2 className={icon} />} onSelect={() => setOpen('remove')}>
          {w.remove}
        </MenuItem>
      </Menu>
      {open === 'change' && <ChatbotForm chatbot={chatbot} onClose={close} />}
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
