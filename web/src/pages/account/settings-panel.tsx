import type { ChangeSessionSettings, SessionSettings } from '@patchbay/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { changeSettings } from '../../api/commands.js';
import { keys, settingsQuery } from '../../api/queries.js';
import { Button } from '../../ui/button.js';
import { Field, inputClass } from '../../ui/field.js';
import { words } from '../../words/words.js';

type Flag = keyof SessionSettings['incoming'];

const FLAGS: Flag[] = ['autoRead', 'rejectCalls', 'ignoreStatus', 'ignoreGroups', 'ignoreChannels'];

/** How the account connects, and what it does by itself with what comes in. */
export function SettingsPanel({ sessionId }: { sessionId: string }) {
  const cache = useQueryClient();
  const { data } = useQuery(settingsQuery(sessionId));
  const change = useMutation({
    mutationFn: (body: ChangeSessionSettings) => changeSettings(sessionId, body),
    onSuccess: (settings) => cache.setQueryData(keys.settings(sessionId), settings),
  });
  if (!data) return null;
  // Shown at once, and as it was when the server refuses.
  const asked = change.isPending ? change.variables : {};
  const text = words.settings;
  return (
    <details className="mt-6">
      <summary className="mb-1 cursor-pointer py-2.5 font-semibold">{text.title}</summary>
      <fieldset className="space-y-1">
        {FLAGS.map((flag) => (
          <Check
            key={flag}
            label={text.flags[flag]}
            checked={asked.incoming?.[flag] ?? data.incoming[flag]}
            onChange={(on) => change.mutate({ incoming: { [flag]: on } })}
          />
        ))}
        <Check
          label={text.markOnline}
          checked={asked.connection?.markOnline ?? data.connection.markOnline}
          onChange={(markOnline) => change.mutate({ connection: { markOnline } })}
        />
      </fieldset>
      <ConnectionForm
        key={JSON.stringify(data.connection)}
        connection={data.connection}
        busy={change.isPending}
        error={change.error?.message ?? null}
        onSave={(connection) => change.mutate({ connection })}
      />
    </details>
  );
}

interface CheckProps {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

function Check({ label, checked, onChange }: CheckProps) {
  return (
    <label className="flex min-h-9 items-center gap-2.5">
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
        className="size-4 shrink-0 accent-(--color-accent)"
      />
      {label}
    </label>
  );
}

interface ConnectionFormProps {
  connection: SessionSettings['connection'];
  busy: boolean;
  error: string | null;
  onSave: (connection: NonNullable<ChangeSessionSettings['connection']>) => void;
}

function ConnectionForm({ connection, busy, error, onSave }: ConnectionFormProps) {
  const [proxyUrl, setProxyUrl] = useState(connection.proxyUrl ?? '');
  const [deviceName, setDeviceName] = useState(connection.deviceName ?? '');
  const [historyDepth, setHistoryDepth] = useState(connection.historyDepth);
  const id = useId();
  const text = words.settings;
  const save = (event: FormEvent) => {
    event.preventDefault();
    const named = deviceName.trim();
    onSave({ proxyUrl: proxyUrl.trim() || null, deviceName: named || null, historyDepth });
  };
  return (
    <form onSubmit={save} className="mt-3">
      <Field
        label={text.proxy}
        hint={text.proxyHint}
        error={error}
        placeholder="socks5://host:1080"
        autoComplete="off"
        spellCheck={false}
        value={proxyUrl}
        onChange={(event) => setProxyUrl(event.target.value)}
      />
      <Field
        className="mt-2"
        label={text.deviceName}
        hint={text.deviceNameHint}
        maxLength={50}
        value={deviceName}
        onChange={(event) => setDeviceName(event.target.value)}
      />
      <label htmlFor={id} className="mt-2 mb-1 block text-13 font-medium">
        {text.history}
      </label>
      <select
        id={id}
        className={inputClass}
        value={historyDepth}
        onChange={(event) => setHistoryDepth(event.target.value as typeof historyDepth)}
      >
        {(['none', 'recent', 'full'] as const).map((depth) => (
          <option key={depth} value={depth}>
            {text.depths[depth]}
          </option>
        ))}
      </select>
      <Button type="submit" look="secondary" busy={busy} className="mt-3">
        {text.save}
      </Button>
    </form>
  );
}
