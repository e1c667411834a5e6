import { useQuery } from '@tanstack/react-query';
import { templatesQuery } from '../../api/bulk.js';
import { Select, TextArea } from '../../ui/form.js';
import { Segments } from '../../ui/segments.js';
import { bulkWords } from '../../words/bulk-words.js';
import { languagesOf, type SendDraft } from './send-draft.js';

const w = bulkWords.make;

interface MessageFieldsProps {
  draft: SendDraft;
  onChange: (changes: Partial<SendDraft>) => void;
}

/** What is sent: a template in a language, or a text. */
export function MessageFields({ draft, onChange }: MessageFieldsProps) {
  const { data } = useQuery(templatesQuery);
  const templates = data?.templates ?? [];
  const template = templates.find(({ id }) => id === draft.templateId);
  return (
    <>
      <div className="mb-3">
        <Segments<SendDraft['kind']>
          label={w.what}
          value={draft.kind}
          options={[
            { value: 'text', label: w.ownText },
            { value: 'template', label: w.template },
          ]}
          onChoose={(kind) => onChange({ kind, columns: {} })}
        />
      </div>
      {draft.kind === 'text' && (
        <TextArea
          label={w.text}
          hint={w.textHint}
          rows={4}
          required
          maxLength={4096}
          spellCheck
          dir="auto"
          value={draft.text}
          onChange={({ target }) => onChange({ text: target.value })}
        />
      )}
      {draft.kind === 'template' && data && templates.length === 0 && (
        <p className="text-soft text-pretty">{w.noTemplate}</p>
      )}
      {draft.kind === 'template' && templates.length > 0 && (
        <Select
          label={w.chooseTemplate}
          required
          value={template ? draft.templateId : ''}
          onChange={({ target }) =>
            onChange({ templateId: target.value, language: '', columns: {} })
          }
        >
          <option value="" disabled />
          {templates.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      )}
      {draft.kind === 'template' && languagesOf(template).length > 1 && (
        <Select
          label={w.language}
          value={draft.language}
          onChange={({ target }) => onChange({ language: target.value })}
        >
          <option value="">{w.languageFirst}</option>
          {languagesOf(template).map((language) => (
            <option key={language} value={language}>
              {language}
            </option>
          ))}
        </Select>
      )}
      {draft.kind === 'template' && template && (
        <p
          className="max-h-40 overflow-y-auto text-soft whitespace-pre-wrap wrap-anywhere-soft"
          dir="auto"
        >
          {
            (
              template.variants.find(({ language }) => language === draft.language) ??
              template.variants[0]
            )?.body
          }
        </p>
      )}
    </>
  );
}
