import { MonitorSmartphone, Moon, Sun } from 'lucide-react';
import { Choices } from '../ui/choices.js';
import { words } from '../words/words.js';
import { setTheme, type Theme, useTheme } from './theme.js';

/** The themes with their names and signs, in the order in which they are offered. */
export const THEMES = [
  { theme: 'light', label: words.nav.themeLight, icon: Sun },
  { theme: 'dark', label: words.nav.themeDark, icon: Moon },
  { theme: 'system', label: words.nav.themeSystem, icon: MonitorSmartphone },
] as const;

/** Light, dark or as the system has it. */
export function ThemeButton({ className }: { className: string }) {
  const theme = useTheme();
  const Icon = THEMES.find((each) => each.theme === theme)?.icon ?? MonitorSmartphone;
  const group = {
    label: words.nav.themeMenu,
    value: theme,
    options: THEMES.map(({ theme: value, label, icon: Sign }) => ({
      value,
      label,
      picture: <Sign className="size-4.5 text-soft" aria-hidden />,
    })),
    onChoose: (value: string) => setTheme(value as Theme),
  };
  return (
    <Choices
      groups={[group]}
      trigger={
        <button
          type="button"
          title={words.nav.themeMenu}
          aria-label={words.nav.themeMenu}
          className={className}
        >
          <Icon className="size-5" aria-hidden />
        </button>
      }
    />
  );
}
