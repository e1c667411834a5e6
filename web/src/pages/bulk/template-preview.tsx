import type { Template } from '@patchbay/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { templatePreviewQuery } from '../../api/bulk.js';
import { messageOf } from '../../api/request.js';
import { Dialog } from '../../ui/dialog.js';
import { Field } from '../../ui/field.js';
import { Select } from '../../ui/form.js';
import { bulkWords } from '../../words/bulk-words.js';
import { languagesOf } from './send-draft.js';

const w = bulkWords.template;

interface TemplatePreviewProps {
  template: Template;
  onClose: () => void;
}

/** The text as somebody would get it. */
export function TemplatePreview({ template, onClose }: TemplatePreviewProps) {
  const [values, setValues] = useState<Record<string, string>>({});
  const [language, setLanguage] = useState(template.variants[0]?.language ?? '');
  const asked = useDeferredValue(values);
  const said = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== ''));
  const { data, error } = useQuery({
    ...templatePreviewQuery(template.id, { language, values: said }),
    placeholderData: keepPreviousData,
  });
  const languages = languagesOf(template);
  return (
    <Dialog title={w.previewTitle} onClose={onClose}>
      {languages.length > 1 && (
        <Select
          label={w.language}
          value={language}
          onChange={({ target }) => setLanguage(target.value)}
        >
          {languages.map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </Select>
      )}
      {template.variables.map(({ name, default: otherwise }) => (
        <Field
          key={name}
          label={name}
          placeholder={otherwise ?? undefined}
          autoComplete="off"
          dir="auto"
          value={values[name] ?? ''}
          onChange={({ target }) => setValues((now) => ({ ...now, [name]: target.value }))}
        />
      ))}
      <h3 className="mb-1 text-13 font-medium">{w.previewOf}</h3>
      {error ? (
        <p role="alert" className="text-danger text-pretty">
          {messageOf(error)}
        </p>
      ) : (
        <p
          className="min-h-10 rounded-10 bg-bubble-out p-3 whitespace-pre-wrap wrap-anywhere-soft"
          dir="auto"
        >
          {data?.text}
        </p>
      )}
    </Dialog>
  );
}
