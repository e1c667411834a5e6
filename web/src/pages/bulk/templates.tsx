import type { Template } from '@patchbay/contract';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Ellipsis, FileText, Paperclip, Plus } from 'lucide-react';
import { templatesQuery } from '../../api/bulk.js';
import { Button, IconButton } from '../../ui/button.js';
import { OnDemand } from '../../ui/on-demand.js';
import { Bone, ErrorNotice, Notice } from '../../ui/states.js';
import { bulkWords } from '../../words/bulk-words.js';
import { TemplateForm } from './template-form.js';

const w = bulkWords.template;

/** Texts with variables, which are sent to many. */
export function Templates() {
  const { add } = useSearch({ from: '/signed-in/bulk' });
  const navigate = useNavigate({ from: '/bulk' });
  const { data, error, isPending, refetch } = useQuery(templatesQuery);
  const setAdding = (adding: boolean) =>
    void navigate({ search: { view: 'templates', add: adding || undefined }, replace: true });
  const templates = data?.templates ?? [];
  const addButton = (
    <Button
      look="primary"
      icon={<Plus className="size-4.5" aria-hidden />}
      onClick={() => setAdding(true)}
    >
      {w.add}
    </Button>
  );
  return (
    <section aria-label={bulkWords.templates}>
      {templates.length > 0 && <div className="mb-3 flex justify-end">{addButton}</div>}
      {isPending && (
        <div role="status" aria-label={w.loading} className="flex flex-col gap-3">
          <Bone className="h-24" />
          <Bone className="h-24" />
        </div>
      )}
      {error && !data && (
        <ErrorNotice error={error} retry={() => void refetch()} className="py-16" />
      )}
      {data && templates.length === 0 && (
        <Notice
          icon={<FileText className="size-6" aria-hidden />}
          title={w.emptyTitle}
          text={w.emptyText}
          className="py-16"
        >
          {addButton}
        </Notice>
      )}
      {templates.length > 0 && (
        <ul aria-label={w.list} className="flex flex-col gap-3">
          {templates.map((template) => (
            <li key={template.id}>
              <TemplateCard template={template} />
            </li>
          ))}
        </ul>
      )}
      {add && <TemplateForm onClose={() => setAdding(false)} />}
    </section>
  );
}

function TemplateCard({ template }: { template: Template }) {
  const { name, variants, media } = template;
  return (
    <article className="flex items-start gap-4 rounded-10 border border-line bg-surface p-4">
      <div className="min-w-0 flex-1">
        <h2 className="font-semibold wrap-anywhere-soft" dir="auto">
          {name}
        </h2>
        <p className="line-clamp-3 whitespace-pre-wrap text-soft wrap-anywhere-soft" dir="auto">
          {variants[0]?.body}
        </p>
        <p className="mt-2 flex flex-wrap items-center gap-x-3 text-13 text-soft">
          {variants.map(({ language }) => language).join(', ')}
          {media && (
            <span className="inline-flex items-center gap-1">
              <Paperclip className="size-3.5" aria-hidden />
              {media.filename ?? w.kinds[media.type]}
            </span>
          )}
        </p>
      </div>
      <OnDemand
        trigger={
          <IconButton label={w.more(name)}>
            <Ellipsis className="size-5" aria-hidden />
          </IconButton>
        }
        load={loadMenu}
        rest={{ template }}
      />
    </article>
  );
}

const loadMenu = async () => (await import('./template-menu-content.js')).TemplateMenuContent;
