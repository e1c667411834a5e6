import type { Chatbot, CreateChatbot, Responder } from '@patchbay/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { accountName } from '../../account-name.js';
import { changeChatbot, chatbotsQuery, createChatbot } from '../../api/chatbots.js';
import { sessionsQuery } from '../../api/queries.js';
import { Dialog } from '../../ui/dialog.js';
import { Field } from '../../ui/field.js';
import { Check, Select, TextArea } from '../../ui/form.js';
import { FormEnd } from '../../ui/form-end.js';
import { chatbotWords } from '../../words/chatbot-words.js';
import { ShownOnce } from '../settings/shown-once.js';

const w = chatbotWords.form;

/** What the form holds; numbers as they are typed. */
interface Draft {
  name: string;
  sessionId: string;
  enabled: boolean;
  responder: Responder;
  baseUrl: string;
  model: string;
  apiKey: string;
  prompt: string;
  tokensPerDay: string;
  stream: boolean;
  webhookUrl: string;
  quietSeconds: string;
}

/** Adds a chatbot, and shows its secret where a program of the user answers; or changes one. */
export function ChatbotForm({ chatbot, onClose }: { chatbot?: Chatbot; onClose: () => void }) {
  const cache = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(chatbot));
  const [secret, setSecret] = useState<string | null>(null);
  const save = useMutation({
    mutationFn: async () => {
      const { sessionId, ...body } = bodyOf(draft);
      if (chatbot) await changeChatbot(chatbot.id, body);
      else return (await createChatbot({ ...body, sessionId })).webhookSecret;
      return null;
    },
    onSuccess: async (created) => {
      await cache.invalidateQueries({ queryKey: ['chatbots'] });
      if (created && draft.responder === 'webhook') return setSecret(created);
      toast.success(w.saved);
      onClose();
    },
  });
  const change = (changes: Partial<Draft>) => {
    save.reset();
    setDraft((now) => ({ ...now, ...changes }));
  };
  if (secret) return <ShownOnce {...chatbotWords.secret} secret={secret} onClose={onClose} />;
  return (
    <Dialog title={chatbot ? w.editTitle : w.addTitle} onClose={onClose}>
      <form
        className="space-y-1"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Field
          label={w.name}
          required
          maxLength={100}
          autoComplete="off"
          dir="auto"
          data-autofocus
          value={draft.name}
          onChange={(event) => change({ name: event.target.value })}
        />
        {!chatbot && (
          <AccountChoice value={draft.sessionId} onChange={(sessionId) => change({ sessionId })} />
        )}
        <Select
          label={w.responder}
          value={draft.responder}
          onChange={(event) => change({ responder: event.target.value as Responder })}
        >
          {Object.entries(chatbotWords.answersWith).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
        {draft.responder === 'ai' && (
          <ModelFields draft={draft} hasKey={chatbot?.ai.hasApiKey === true} onChange={change} />
        )}
        {draft.responder === 'webhook' && (
          <Field
            label={w.webhookUrl}
            hint={w.webhookHint}
            type="url"
            required
            placeholder={w.webhookPlaceholder}
            autoComplete="off"
            spellCheck={false}
            value={draft.webhookUrl}
            onChange={(event) => change({ webhookUrl: event.target.value })}
          />
        )}
        <Field
          label={w.quiet}
          hint={w.quietHint}
          type="number"
          min={0}
          max={60}
          step="any"
          required
          value={draft.quietSeconds}
          onChange={(event) => change({ quietSeconds: event.target.value })}
        />
        <Check
          label={w.enabled}
          checked={draft.enabled}
          onChange={(event) => change({ enabled: event.target.checked })}
        />
        <FormEnd
          submit={chatbot ? w.save : w.create}
          busy={save.isPending}
          problem={save.error}
          onCancel={onClose}
        />
      </form>
    </Dialog>
  );
}

interface ModelFieldsProps {
  draft: Draft;
  hasKey: boolean;
  onChange: (changes: Partial<Draft>) => void;
}

function ModelFields({ draft, hasKey, onChange }: ModelFieldsProps) {
  return (
    <>
      <Field
        label={w.baseUrl}
        hint={w.baseUrlHint}
        type="url"
        required
        placeholder={w.baseUrlPlaceholder}
        autoComplete="off"
        spellCheck={false}
        value={draft.baseUrl}
        onChange={(event) => onChange({ baseUrl: event.target.value })}
      />
      <Field
        label={w.model}
        required
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        value={draft.model}
        onChange={(event) => onChange({ model: event.target.value })}
      />
      <Field
        label={w.apiKey}
        hint={hasKey ? w.apiKeyKept : w.apiKeyHint}
        type="password"
        autoComplete="off"
        value={draft.apiKey}
        onChange={(event) => onChange({ apiKey: event.target.value })}
      />
      <TextArea
        label={w.prompt}
        hint={w.promptHint}
        rows={5}
        maxLength={20_000}
        spellCheck
        dir="auto"
        value={draft.prompt}
        onChange={(event) => onChange({ prompt: event.target.value })}
      />
      <Field
        label={w.tokensPerDay}
        hint={w.tokensHint}
        type="number"
        min={1}
        value={draft.tokensPerDay}
        onChange={(event) => onChange({ tokensPerDay: event.target.value })}
      />
      <Check
        label={w.stream}
        checked={draft.stream}
        onChange={(event) => onChange({ stream: event.target.checked })}
      />
    </>
  );
}

/** Accounts that have no chatbot yet. */
function AccountChoice({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const { data } = useQuery(sessionsQuery);
  const { data: known } = useQuery(chatbotsQuery);
  const taken = new Set(known?.chatbots.map(({ sessionId }) => sessionId));
  const free = (data?.sessions ?? []).filter(({ id }) => !taken.has(id));
  return (
    <Select
      label={w.account}
      required
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="" disabled />
      {free.map((session) => (
        <option key={session.id} value={session.id}>
          {accountName(session)}
        </option>
      ))}
    </Select>
  );
}

function draftOf(chatbot: Chatbot | undefined): Draft {
  return {
    name: chatbot?.name ?? '',
    sessionId: chatbot?.sessionId ?? '',
    enabled: chatbot?.enabled ?? true,
    responder: chatbot?.responder ?? 'ai',
    baseUrl: chatbot?.ai.baseUrl ?? '',
    model: chatbot?.ai.model ?? '',
    apiKey: '',
    prompt: chatbot?.ai.prompt ?? '',
    tokensPerDay: String(chatbot?.ai.tokensPerDay ?? ''),
    stream: chatbot?.ai.stream ?? false,
    webhookUrl: chatbot?.webhookUrl ?? '',
    quietSeconds: String(chatbot?.quietSeconds ?? 2),
  };
}

function bodyOf(draft: Draft): CreateChatbot {
  const { name, sessionId, enabled, responder } = draft;
  return {
    name: name.trim(),
    sessionId,
    enabled,
    responder,
    quietSeconds: Number(draft.quietSeconds),
    ...(responder === 'webhook' && { webhookUrl: draft.webhookUrl.trim() }),
    ...(responder === 'ai' && {
      ai: {
        baseUrl: draft.baseUrl.trim(),
        model: draft.model.trim(),
        prompt: draft.prompt,
        stream: draft.stream,
        tokensPerDay: draft.tokensPerDay === '' ? null : Number(draft.tokensPerDay),
        // What is set is not shown: an empty field keeps it.
        ...(draft.apiKey && { apiKey: draft.apiKey }),
      },
    }),
  };
}
