import type { Session } from '@patchbay/contract';
import { Ellipsis, LogOut, Plug, Trash2, Unplug } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { accountName } from '../../account-name.js';
import { closeSession, startSession } from '../../api/commands.js';
import { Button, IconButton } from '../../ui/button.js';
import { Menu, MenuItem, MenuLine } from '../../ui/menu.js';
import { words } from '../../words/words.js';
import { useSessionCommand } from '../use-session-command.js';
import { DangerDialog, type DangerousAction } from './danger-dialog.js';

/** The one action that helps in this state, if there is one. */
export function HelpfulAction({ session }: { session: Session }) {
  const start = useSessionCommand(session.id, startSession);
  const label = helpfulLabel(session);
  if (!label) return null;
  return (
    <Button
      look={session.state.status === 'reconnecting' ? 'secondary' : 'primary'}
      busy={start.isPending}
      onClick={() => start.mutate()}
    >
      {label}
    </Button>
  );
}

function helpfulLabel({ state }: Session): string | null {
  switch (state.status) {
    case 'reconnecting':
      return words.accounts.retryNow;
    case 'closed':
      return words.accounts.reconnect;
    case 'logged_out':
      return words.accounts.linkAgain;
    case 'failed':
      if (state.action === 'scan') return words.accounts.linkAgain;
      return state.action === 'restart' ? words.accounts.reconnect : null;
    default:
      return null;
  }
}

/** Everything else that can be done with an account. */
export function AccountMenu({ session, onRemoved }: { session: Session; onRemoved?: () => void }) {
  const [danger, setDanger] = useState<DangerousAction | null>(null);
  const start = useSessionCommand(session.id, startSession);
  const close = useSessionCommand(session.id, closeSession);
  const { status } = session.state;
  const disconnect = async () => {
    await close.mutateAsync();
    toast(words.accounts.disconnected(accountName(session)), {
      action: { label: words.accounts.undo, onClick: () => start.mutate() },
    });
  };
  return (
    <>
      <Menu
        trigger={
          <IconButton label={words.accounts.more(accountName(session))}>
            <Ellipsis className="size-5" aria-hidden />
          </IconButton>
        }
      >
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
