import { Check } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { Fragment, type ReactNode } from 'react';
import { Menu, MenuLabel, MenuLine, menuItemClass } from './menu.js';
import type { Trigger } from './on-demand.js';

/** One choice out of a few; the menu stays open for the next. */
export interface ChoiceGroup {
  label: string;
  value: string;
  options: { value: string; label: string; picture?: ReactNode }[];
  onChoose: (value: string) => void;
}

interface ChoicesMenuProps {
  trigger: Trigger;
  groups: ChoiceGroup[];
}

/** The content of a menu of choices; see `ChoicesMenu`. */
export function ChoicesMenu({ trigger, groups }: ChoicesMenuProps) {
  return (
    <Menu trigger={trigger}>
      {groups.map(({ label, value, options, onChoose }, index) => (
        <Fragment key={label}>
          {index > 0 && <MenuLine />}
          <DropdownMenu.RadioGroup value={value} onValueChange={onChoose} aria-label={label}>
            <MenuLabel>{label}</MenuLabel>
            {options.map((option) => (
              <DropdownMenu.RadioItem
                key={option.value}
                value={option.value}
                className={menuItemClass}
              >
                {option.picture}
                <span className="min-w-0 flex-1 truncate" dir="auto">
                  {option.label}
                </span>
                <DropdownMenu.ItemIndicator>
                  <Check className="size-4 text-accent-text" aria-hidden />
                </DropdownMenu.ItemIndicator>
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </Fragment>
      ))}
    </Menu>
  );
}
