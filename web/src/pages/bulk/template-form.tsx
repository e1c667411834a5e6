import type { Template, TemplateVariant } from '@patchbay/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useId, useState } from 'react';
import { toast } from 'sonner';
import {
  changeTemplate,
  createTemplate,
  removeTemplateMedia,
  setTemplateMedia,
} from '../../api/bulk.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { Field } from '../../ui/field.js';
import { Check, TextArea } from '../../ui/form.js';
import { FormEnd } from '../../ui/form-end.js';
import { bulkWords } from '../../words/bulk-words.js';

const w = bulkWords.template;
const VARIABLE = /\{\{\s*([A-Za-z_][A-Za-z0-9_]{0,39})\s*\}\}/g;

/** What is known of a variable beside its name; its place is in the texts. */
interface Wish {
  required: boolean;
  otherwise: string;
}

interface Draft {
  name: string;
  variants: (TemplateVariant & { key: number })[];
  wishes: Record<string, Wish>;
  file: File | null;
  keepsMedia: boolean;
}

let keys = 0;

/** Adds a template, or changes one. */
export function TemplateForm({ template, onClose }: { template?: Template; onClose: () => void }) {
  const cache = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(template));
  const save = useMutation({
    mutationFn: () => store(template, draft),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ['bulk'] });
      toast.success(w.saved);
      onClose();
    },
  });
  const change = (changes: Partial<Draft>) => {
    save.reset();
    setDraft((now) => ({ ...now, ...changes }));
  };
  return (
    <Dialog wide title={template ? w.editTitle : w.addTitle} onClose={onClose}>
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
          onChange={({ target }) => change({ name: target.value })}
        />
        <Variants draft={draft} onChange={change} />
        <Variables draft={draft} onChange={change} />
        <MediaField template={template} draft={draft} onChange={change} />
        <FormEnd
          submit={template ? w.save : w.create}
          busy={save.isPending}
          problem={save.error}
          onCancel={onClose}
        />
      </form>
    </Dialog>
  );
}

interface PartProps {
  draft: Draft;
  onChange: (changes: Partial<Draft>) => void;
}

function Variants({ draft: { variants }, onChange }: PartProps) {
  const set = (key: number, changes: Partial<TemplateVariant>) =>
    onChange({ variants: variants.map((one) => (one.key === key ? { ...one, ...changes } : one)) });
  return (
    <>
      {variants.map(({ key, language, body }) => (
        <div key={key} className="border-t border-line pt-3">
          <Field
            label={w.language}
            hint={w.languageHint}
            required
            minLength={2}
            maxLength={35}
            autoComplete="off"
            spellCheck={false}
            value={language}
            onChange={({ target }) => set(key, { language: target.value })}
          />
          <TextArea
            label={w.body}
            hint={w.bodyHint}
            rows={4}
            required
            maxLength={4096}
            spellCheck
            dir="auto"
            value={body}
            onChange={({ target }) => set(key, { body: target.value })}
          />
          {variants.length > 1 && (
            <Button
              look="quiet"
              onClick={() => onChange({ variants: variants.filter((one) => one.key !== key) })}
            >
              {w.removeLanguage(language)}
            </Button>
          )}
        </div>
      ))}
      <Button
        look="quiet"
        icon={<Plus className="size-4.5" aria-hidden />}
        onClick={() => onChange({ variants: [...variants, newVariant('')] })}
      >
        {w.addLanguage}
      </Button>
    </>
  );
}

function Variables({ draft, onChange }: PartProps) {
  const names = namesIn(draft.variants);
  const set = (name: string, changes: Partial<Wish>) =>
    onChange({ wishes: { ...draft.wishes, [name]: { ...wishFor(draft, name), ...changes } } });
  return (
    <fieldset className="border-t border-line pt-3">
      <legend className="sr-only">{w.variables}</legend>
      <p aria-hidden className="mb-2 text-13 font-medium">
        {w.variables}
      </p>
      {names.length === 0 && <p className="pb-2 text-13 text-soft">{w.noVariables}</p>}
      <div className="grid gap-x-4 sm:grid-cols-2">
        {names.map((name) => (
          <div key={name}>
            <Field
              label={w.otherwise(name)}
              maxLength={1024}
              autoComplete="off"
              dir="auto"
              value={wishFor(draft, name).otherwise}
              onChange={({ target }) => set(name, { otherwise: target.value })}
            />
            {wishFor(draft, name).otherwise === '' && (
              <Check
                label={w.needed(name)}
                checked={wishFor(draft, name).required}
                onChange={({ target }) => set(name, { required: target.checked })}
              />
            )}
          </div>
        ))}
      </div>
    </fieldset>
  );
}

function MediaField({
  template,
  draft,
  onChange,
}: PartProps & { template?: Template | undefined }) {
  const id = useId();
  const media = draft.keepsMedia ? template?.media : null;
  return (
    <div className="border-t border-line pt-3">
      <label htmlFor={id} className="mb-1 block text-13 font-medium">
        {w.media}
      </label>
      <input
        id={id}
        type="file"
        className="min-h-10 w-full max-w-full text-13 file:mr-3 file:h-10 file:rounded-6 file:border file:border-solid file:border-control-line file:bg-surface file:px-3.5 file:font-medium"
        onChange={({ target }) => onChange({ file: target.files?.[0] ?? null })}
      />
      <p className="text-13 text-soft">
        {media && !draft.file ? w.mediaNow(media.filename ?? w.kinds[media.type]) : w.mediaHint}
      </p>
      {media && !draft.file && (
        <Button look="quiet" onClick={() => onChange({ keepsMedia: false })}>
          {w.removeMedia}
        </Button>
      )}
    </div>
  );
}

/** The text first; a file belongs to a template that is there. */
async function store(template: Template | undefined, draft: Draft): Promise<void> {
  const body = {
    name: draft.name.trim(),
    variants: draft.variants.map(({ language, body: text }) => ({
      language: language.trim(),
      body: text,
    })),
    variables: namesIn(draft.variants).map((name) => {
      const { required, otherwise } = wishFor(draft, name);
      return otherwise === ''
        ? { name, required, default: null }
        : { name, required: false, default: otherwise };
    }),
  };
  const { id } = template ? await changeTemplate(template.id, body) : await createTemplate(body);
  if (draft.file) await setTemplateMedia(id, draft.file);
  else if (template?.media && !draft.keepsMedia) await removeTemplateMedia(id);
}

function draftOf(template: Template | undefined): Draft {
  const wishes = (template?.variables ?? []).map(
    ({ name, required, default: otherwise }) =>
      [name, { required, otherwise: otherwise ?? '' }] as const,
  );
  return {
    name: template?.name ?? '',
    variants: (template?.variants ?? [{ language: browserLanguage(), body: '' }]).map(
      ({ language, body }) => newVariant(language, body),
    ),
    wishes: Object.fromEntries(wishes),
    file: null,
    keepsMedia: true,
  };
}

function newVariant(language: string, body = '') {
  keys += 1;
  return { key: keys, language, body };
}

function browserLanguage(): string {
  return navigator.language.split('-')[0] ?? 'en';
}

function namesIn(variants: readonly TemplateVariant[]): string[] {
  const found = variants.flatMap(({ body }) =>
    [...body.matchAll(VARIABLE)].map(([, name]) => name),
  );
  return [...new Set(found)].filter((name) => name !== undefined);
}

function wishFor({ wishes }: Draft, name: string): Wish {
  return wishes[name] ?? { required: true, otherwise: '' };
}
