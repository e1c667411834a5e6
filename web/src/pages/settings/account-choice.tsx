import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { accountName } from '../../account-name.js';
import { sessionsQuery } from '../../api/queries.js';
import { Field } from '../../ui/field.js';
import { Check, Select } from '../../ui/form.js';
import { accessWords } from '../../words/access-words.js';

const w = accessWords.keys;
/** More than these are found by typing. */
const AT_A_GLANCE = 12;

interface AccountChoiceProps {
  /** Ids of accounts; null: all. */
  chosen: string[] | null;
  onChoose: (chosen: string[] | null) => void;
}

/** All accounts, or some of them. */
export function AccountChoice({ chosen, onChoose }: AccountChoiceProps) {
  const { data } = useQuery(sessionsQuery);
  const [sought, setSought] = useState('');
  const all = data?.sessions ?? [];
  const word = sought.trim().toLowerCase();
  const shown = all.filter((one) => accountName(one).toLowerCase().includes(word));
  return (
    <>
      <Select
        label={w.accounts}
        value={chosen ? 'some' : 'all'}
        onChange={(event) => onChoose(event.target.value === 'some' ? [] : null)}
      >
        <option value="all">{w.allAccounts}</option>
        <option value="some">{w.theseAccounts}</option>
      </Select>
      {chosen && (
        <fieldset className="mb-3">
          <legend className="sr-only">{w.theseAccounts}</legend>
          {all.length > AT_A_GLANCE && (
            <Field
              label={w.findAccount}
              type="search"
              autoComplete="off"
              value={sought}
              onChange={(event) => setSought(event.target.value)}
            />
          )}
          <div className="max-h-52 overflow-y-auto rounded-md border border-line px-3 py-1">
            {shown.map((one) => (
              <Check
                key={one.id}
                label={accountName(one)}
                checked={chosen.includes(one.id)}
                onChange={({ target }) =>
                  onChoose(
                    target.checked ? [...chosen, one.id] : chosen.filter((id) => id !== one.id),
                  )
                }
              />
            ))}
            {shown.length === 0 && (
              <p className="py-2 text-13 text-soft">
                {all.length === 0 ? w.noAccount : w.noneFound}
              </p>
            )}
          </div>
        </fieldset>
      )}
    </>
  );
}
