import type { Session } from '@patchbay/contract';
import { LogOut, Plug, Trash2, Unplug } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { accountName } from '../../account-name.js';
import { closeSession, startSession } from '../../api/commands.js';
import { Menu, MenuItem, MenuLine } from '../../ui/menu.js';
import type { Trigger } from '../../ui/on-demand.js';
import { words } from '../../words/words.js';
import { undoToast, useSessionCommand } from '../use-session-command.js';
import { DangerDialog, type DangerousAction } from './danger-dialog.js';

interface AccountMenuContentProps {
  trigger: Trigger;
  session: Session;
  onRemoved?: () => void;
}

export function AccountMenuContent({ trigger, session, onRemoved }: AccountMenuContentProps) {
  const [danger, setDanger] = useState<DangerousAction | null>(null);
  const start = useSessionCommand(session.id, startSession);
  const close = useSessionCommand(session.id, closeSession);
  const { status } = session.state;
  const disconnect = async () => {
    await close.mutateAsync();
    toast(words.accounts.disconnected(accountName(session)), {
      id: undoToast(session.id),
      action: { label: words.accounts.undo, onClick: () => start.mutate() },
    });
  };
  return (
    <>
      <Menu trigger={trigger}>
        {status === 'closed' ? (
          <MenuItem icon={<Plug className="size-4.5" />} onSelect={() => start.mutate()}>
            {words.accounts.reconnect}
          </MenuItem>
        ) : (
          <MenuItem
            icon={<Unplug className="size-4.5" />}
            disabled={status === 'logged_out'}
            onSelect={() => void disconnect().catch(() => undefined)}
          >
            {words.accounts.disconnect}
          </MenuItem>
        )}
        <MenuLine />
        {session.phone && (
          <MenuItem
            danger
            icon={<LogOut className="size-4.5" />}
            onSelect={() => setDanger('logOut')}
          >
            {words.accounts.logOut}
          </MenuItem>
        )}
        <MenuItem
          danger
          icon={<Trash2 className="size-4.5" />}
          onSelect={() => setDanger('remove')}
        >
          {words.accounts.remove}
        </MenuItem>
      </Menu>
      {danger && (
        <DangerDialog
          action={danger}
          session={session}
          onClose={() => setDanger(null)}
          onDone={danger === 'remove' ? onRemoved : undefined}
        />
      )}
    </>
  );
}
