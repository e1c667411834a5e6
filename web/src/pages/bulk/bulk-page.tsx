import { useNavigate, useSearch } from '@tanstack/react-router';
import { Segments } from '../../ui/segments.js';
import { bulkWords as w } from '../../words/bulk-words.js';
import { words } from '../../words/words.js';
import { Delivery } from './delivery.js';
import { SendList } from './send-list.js';
import { Templates } from './templates.js';

type View = 'sends' | 'templates' | 'delivery';

/** Messages to many: sends, the texts they are made of, and how far messages come. */
export function BulkPage() {
  const { view = 'sends' } = useSearch({ from: '/signed-in/bulk' });
  const navigate = useNavigate({ from: '/bulk' });
  return (
    <div className="mx-auto max-w-280 px-4 pt-4 pb-12 sm:px-6">
      <title>{`${w.title} · ${words.product}`}</title>
      <header className="mb-4 flex min-h-10 items-center">
        <h1 className="text-20 font-semibold">{w.title}</h1>
      </header>
      <div className="mb-4 max-w-120">
        <Segments<View>
          label={w.views}
          value={view}
          options={[
            { value: 'sends', label: w.sends },
            { value: 'templates', label: w.templates },
            { value: 'delivery', label: w.delivery },
          ]}
          onChoose={(next) =>
            void navigate({ search: { view: next === 'sends' ? undefined : next }, replace: true })
          }
        />
      </div>
      {view === 'sends' && <SendList />}
      {view === 'templates' && <Templates />}
      {view === 'delivery' && <Delivery />}
    </div>
  );
}
