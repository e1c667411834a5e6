import type { Me } from '@patchbay/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import {
  Bell,
  BookOpen,
  Check,
  FlaskConical,
  LogOut,
  type LucideIcon,
  Volume2,
} from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { toast } from 'sonner';
import { signOut } from '../api/commands.js';
import { forgetShown } from '../api/forget-shown.js';
import { messageOf } from '../api/request.js';
import { drafts } from '../conversation/drafts.js';
import { useKept } from '../kept.js';
import { allowNotifications, notifications, sounds } from '../live/notify.js';
import { Menu, MenuItem, MenuLabel, MenuLine, menuItemClass } from '../ui/menu.js';
import type { Trigger } from '../ui/on-demand.js';
import { inboxWords } from '../words/inbox-words.js';
import { words } from '../words/words.js';
import { destinations, IN_BAR } from './destinations.js';
import { setTheme, type Theme, useTheme } from './theme.js';
import { THEMES } from './theme-button.js';

/** Notices, the API's documentation, sign out; on a phone also what the rail has. */
export function MeMenuContent({
  me,
  trigger,
  side,
}: {
  me: Me;
  trigger: Trigger;
  side: 'top' | 'right';
}) {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const leave = async () => {
    try {
      await signOut();
      drafts.forget(me.userId);
      await navigate({ to: '/sign-in' });
      forgetShown(cache);
    } catch (error) {
      toast.error(messageOf(error));
    }
  };
  return (
    <Menu trigger={trigger} side={side} align="end">
      {side === 'top' && (
        <>
          {destinations.slice(IN_BAR).map(({ to, label, icon: Icon }) => (
            <MenuItem
              key={label}
              icon={<Icon className="size-4.5" />}
              onSelect={() => void navigate({ to })}
            >
              {label}
            </MenuItem>
          ))}
          <MenuLine />
          <ThemeItems />
          <MenuLine />
        </>
      )}
      <NoticeItems />
      <MenuLine />
      {me.sandbox && (
        <PageItem href={me.sandbox.pageUrl} icon={FlaskConical} label={words.nav.phones} />
      )}
      <PageItem href="/api/docs" icon={BookOpen} label={words.nav.docs} />
      <MenuLine />
      <MenuItem icon={<LogOut className="size-4.5" />} onSelect={() => void leave()}>
        {words.nav.signOut}
      </MenuItem>
      <MenuLabel>{words.nav.version(me.version)}</MenuLabel>
    </Menu>
  );
}

function ThemeItems() {
  const theme = useTheme();
  return (
    <DropdownMenu.RadioGroup
      value={theme}
      onValueChange={(value) => setTheme(value as Theme)}
      aria-label={words.nav.themeMenu}
    >
      <MenuLabel>{words.nav.themeMenu}</MenuLabel>
      {THEMES.map(({ theme: value, label, icon: Icon }) => (
        <DropdownMenu.RadioItem
          key={value}
          value={value}
          onSelect={(event) => event.preventDefault()}
          className={menuItemClass}
        >
          <Icon className="size-4.5 text-soft" aria-hidden />
          <span className="flex-1">{label}</span>
          <DropdownMenu.ItemIndicator>
            <Check className="size-4 text-accent-text" aria-hidden />
          </DropdownMenu.ItemIndicator>
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}

/** Whether new messages are told while somebody looks elsewhere. */
function NoticeItems() {
  const notify = useKept(notifications);
  const sound = useKept(sounds);
  const toggleNotify = async (on: boolean) => {
    if (!on) notifications.set(false);
    else if (await allowNotifications()) toast.success(inboxWords.notifyTest);
    else toast.error(inboxWords.notifyRefused);
  };
  return (
    <>
      <CheckItem checked={notify} onChange={(on) => void toggleNotify(on)} icon={Bell}>
        {inboxWords.notify}
      </CheckItem>
      <CheckItem checked={sound} onChange={sounds.set} icon={Volume2}>
        {inboxWords.notifySound}
      </CheckItem>
    </>
  );
}

interface CheckItemProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  icon: LucideIcon;
  children: string;
}

function CheckItem({ checked, onChange, icon: Icon, children }: CheckItemProps) {
  return (
    <DropdownMenu.CheckboxItem
      checked={checked}
      onCheckedChange={onChange}
      onSelect={(event) => event.preventDefault()}
      className={menuItemClass}
    >
      <Icon className="size-4.5 text-soft" aria-hidden />
      <span className="flex-1">{children}</span>
      <DropdownMenu.ItemIndicator>
        <Check className="size-4 text-accent-text" aria-hidden />
      </DropdownMenu.ItemIndicator>
    </DropdownMenu.CheckboxItem>
  );
}

function PageItem({ href, icon: Icon, label }: { href: string; icon: LucideIcon; label: string }) {
  return (
    <DropdownMenu.Item asChild className={menuItemClass}>
      <a href={href} target="_blank" rel="noreferrer">
        <Icon className="size-4.5 text-soft" aria-hidden />
        {label}
      </a>
    </DropdownMenu.Item>
  );
}
