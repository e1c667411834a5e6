import type { SandboxPhoneList } from '@patchbay/contract';
import { formatPhone } from '../../format/phone.js';
import { Menu, MenuItem, MenuLabel } from '../../ui/menu.js';
import type { Trigger } from '../../ui/on-demand.js';
import { words } from '../../words/words.js';

interface SandboxPhonesProps {
  trigger: Trigger;
  phones: SandboxPhoneList['phones'];
  /** Numbers that an account has already. */
  linked: Set<string | null>;
  onChoose: (phone: string) => void;
}

/** Which simulated phone is to scan. */
export function SandboxPhones({ trigger, phones, linked, onChoose }: SandboxPhonesProps) {
  return (
    <Menu trigger={trigger}>
      <MenuLabel>{words.sandbox.phones}</MenuLabel>
      {phones.map(({ phone, name }) => (
        <MenuItem key={phone} onSelect={() => onChoose(phone)}>
          <span className="min-w-0 flex-1 py-1">
            <span className="block truncate">{name}</span>
            <span className="block text-12 text-soft nums">
              {formatPhone(phone)}
              {linked.has(phone) && ` · ${words.sandbox.linked}`}
            </span>
          </span>
        </MenuItem>
      ))}
    </Menu>
  );
}
