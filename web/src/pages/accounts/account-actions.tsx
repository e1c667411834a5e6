import type { Session } from '@patchbay/contract';
import { Ellipsis } from 'lucide-react';
import { accountName } from '../../account-name.js';
import { startSession } from '../../api/commands.js';
import { Button, IconButton } from '../../ui/button.js';
import { OnDemand } from '../../ui/on-demand.js';
import { words } from '../../words/words.js';
import { useMayManage } from '../use-may-manage.js';
import { useSessionCommand } from '../use-session-command.js';

/** The one action that helps in this state, if there is one. */
export function HelpfulAction({ session }: { session: Session }) {
  const start = useSessionCommand(session.id, startSession);
  const mayManage = useMayManage(session);
  const label = helpfulLabel(session);
  if (!label || !mayManage) return null;
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

interface AccountMenuProps {
  session: Session;
  onRemoved?: () => void;
}

/** Everything else that can be done with an account. */
export function AccountMenu(props: AccountMenuProps) {
  const mayManage = useMayManage(props.session);
  if (!mayManage) return null;
  const trigger = (
    <IconButton label={words.accounts.more(accountName(props.session))}>
      <Ellipsis className="size-5" aria-hidden />
    </IconButton>
  );
  return <OnDemand trigger={trigger} load={loadMenu} rest={props} />;
}

const loadMenu = async () => (await import('./account-menu-content.js')).AccountMenuContent;
