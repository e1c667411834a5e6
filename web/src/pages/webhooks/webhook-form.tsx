import type { Webhook } from '@patchbay/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { accountName } from '../../account-name.js';
import { sessionsQuery } from '../../api/queries.js';
import { createWebhook, updateWebhook, webhookKeys } from '../../api/webhooks.js';
import { EventName, NotificationEventName } from '../../schemas.js';
import { Dialog } from '../../ui/dialog.js';
import { Field } from '../../ui/field.js';
import { Check, Select, TextArea } from '../../ui/form.js';
import { FormEnd } from '../../ui/form-end.js';
import { webhookWords } from '../../words/webhook-words.js';
import { SecretShown } from './secret-shown.js';

const w = webhookWords.form;
const ALL = '';
const NAMES = [...EventName.options, ...NotificationEventName.options];

/** What the form holds; lists are lines of text. */
interface Draft {
  url: string;
  name: string;
  sessionId: string;
  events: Webhook['events'];
  chats: string;
  headers: string;
  history: boolean;
  raw: boolean;
  enabled: boolean;
}

/** Adds a webhook and shows its secret, or changes one. */
export function WebhookForm({ webhook, onClose }: { webhook?: Webhook; onClose: () => void }) {
  const cache = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(webhook));
  const [secret, setSecret] = useState<string | null>(null);
  const headers = headersOf(draft.headers);
  const save = useMutation({
    mutationFn: async () => {
      const body = bodyOf(draft, headers ?? {});
      if (!webhook) return (await createWebhook(body)).secret;
      // An empty field keeps what is set: the values are not shown.
      const { headers: changed, ...rest } = body;
      await updateWebhook(webhook.id, draft.headers.trim() ? { ...rest, headers: changed } : rest);
      return null;
    },
    onSuccess: async (created) => {
      await cache.invalidateQueries({ queryKey: webhookKeys.all });
      if (created) return setSecret(created);
      toast.success(w.saved);
      onClose();
    },
  });
  const change = (changes: Partial<Draft>) => {
    save.reset();
    setDraft((now) => ({ ...now, ...changes }));
  };
  if (secret) return <SecretShown secret={secret} onClose={onClose} />;
  return (
    <Dialog title={webhook ? w.editTitle : w.addTitle} onClose={onClose}>
      <form
        className="space-y-1"
        onSubmit={(event) => {
          event.preventDefault();
          if (headers) save.mutate();
        }}
      >
        <Field
          label={w.url}
          hint={w.urlHint}
          type="url"
          required
          placeholder={w.urlPlaceholder}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          value={draft.url}
          onChange={(event) => change({ url: event.target.value })}
        />
        <Field
          label={w.name}
          hint={w.nameHint}
          maxLength={100}
          autoComplete="off"
          dir="auto"
          value={draft.name}
          onChange={(event) => change({ name: event.target.value })}
        />
        <AccountChoice value={draft.sessionId} onChange={(sessionId) => change({ sessionId })} />
        <EventChoice chosen={draft.events} onChange={(events) => change({ events })} />
        <TextArea
          label={w.chats}
          hint={w.chatsHint}
          value={draft.chats}
          onChange={(event) => change({ chats: event.target.value })}
        />
        <TextArea
          label={w.headers}
          hint={webhook?.headers.length ? w.headersKept(webhook.headers) : w.headersHint}
          error={headers ? null : w.headersWrong}
          value={draft.headers}
          onChange={(event) => change({ headers: event.target.value })}
        />
        <Check
          label={w.history}
          checked={draft.history}
          onChange={(event) => change({ history: event.target.checked })}
        />
        <Check
          label={w.raw}
          checked={draft.raw}
          onChange={(event) => change({ raw: event.target.checked })}
        />
        <Check
          label={w.enabled}
          checked={draft.enabled}
          onChange={(event) => change({ enabled: event.target.checked })}
        />
        <FormEnd
          submit={webhook ? w.save : w.create}
          busy={save.isPending}
          problem={save.error}
          onCancel={onClose}
        />
      </form>
    </Dialog>
  );
}

function AccountChoice({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const { data } = useQuery(sessionsQuery);
  const sessions = data?.sessions ?? [];
  const isKnown = value === ALL || sessions.some(({ id }) => id === value);
  return (
    <Select label={w.account} value={value} onChange={(event) => onChange(event.target.value)}>
      <option value={ALL}>{webhookWords.allAccounts}</option>
      {sessions.map((session) => (
        <option key={session.id} value={session.id}>
          {accountName(session)}
        </option>
      ))}
      {!isKnown && <option value={value}>{value}</option>}
    </Select>
  );
}

function EventChoice({
  chosen,
  onChange,
}: {
  chosen: Webhook['events'];
  onChange: (events: Webhook['events']) => void;
}) {
  return (
    <fieldset className="pb-3">
      <legend className="mb-1 text-13 font-medium">{w.events}</legend>
      <div className="max-h-44 overflow-y-auto rounded-6 border border-control-line px-3 py-1">
        {NAMES.map((name) => (
          <Check
            key={name}
            label={name}
            checked={chosen.includes(name)}
            onChange={(event) =>
              onChange(
                event.target.checked ? [...chosen, name] : chosen.filter((other) => other !== name),
              )
            }
          />
        ))}
      </div>
      <p className="mt-1 text-13 text-soft">{w.eventsHint}</p>
    </fieldset>
  );
}

function draftOf(webhook: Webhook | undefined): Draft {
  return {
    url: webhook?.url ?? '',
    name: webhook?.name ?? '',
    sessionId: webhook?.sessionId ?? ALL,
    events: webhook?.events ?? [],
    chats: webhook?.chats.join('\n') ?? '',
    headers: '',
    history: webhook?.history ?? false,
    raw: webhook?.raw ?? false,
    enabled: webhook?.enabled ?? true,
  };
}

function bodyOf(draft: Draft, headers: Record<string, string>) {
  return {
    url: draft.url.trim(),
    name: draft.name.trim() || null,
    sessionId: draft.sessionId || null,
    events: draft.events,
    chats: linesOf(draft.chats),
    history: draft.history,
    raw: draft.raw,
    enabled: draft.enabled,
    headers,
  };
}

/** `Name: value` lines; null when one of them is neither. */
function headersOf(text: string): Record<string, string> | null {
  const entries = linesOf(text).map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, Math.max(colon, 0)).trim(), line.slice(colon + 1).trim()] as const;
  });
  return entries.every(([name, value]) => name && value) ? Object.fromEntries(entries) : null;
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
