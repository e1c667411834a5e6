import type { AuditAction, AuditEntry } from '@patchbay/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { ScrollText } from 'lucide-react';
import { auditQuery } from '../../api/access.js';
import { oneOf } from '../../search-in-address.js';
import { Button } from '../../ui/button.js';
import { Select } from '../../ui/form.js';
import { Notice } from '../../ui/states.js';
import { When } from '../../ui/when.js';
import { accessWords } from '../../words/access-words.js';
import { NotYet, Row, Rows, RowText, Section } from './section.js';

const w = accessWords.audit;
const ACTIONS = Object.keys(w.action) as AuditAction[];

/** Who did what, when and from where. */
export function Audit() {
  const { action: said } = useSearch({ from: '/signed-in/settings/audit' });
  const action = oneOf(said, ACTIONS);
  const navigate = useNavigate({ from: '/settings/audit' });
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    auditQuery(action),
  );
  const entries = data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <Section
      title={w.title}
      action={
        <Select
          label={w.filter}
          value={action ?? ''}
          onChange={(event) => {
            void navigate({ search: { action: event.target.value || undefined } });
          }}
        >
          <option value="">{w.all}</option>
          {ACTIONS.map((one) => (
            <option key={one} value={one}>
              {w.action[one]}
            </option>
          ))}
        </Select>
      }
    >
      {!data && <NotYet error={error} retry={refetch} />}
      {data && entries.length === 0 && (
        <Notice
          icon={<ScrollText className="size-6" aria-hidden />}
          title={w.emptyTitle}
          text={w.emptyText}
          className="py-12"
        />
      )}
      {entries.length > 0 && (
        <Rows label={w.list}>
          {entries.map((entry) => (
            <Row key={entry.number}>
              <RowText
                first={`${entry.userName ?? w.operator} ${w.action[entry.action]}`}
                second={`${w.from} ${entry.address}${aboutOf(entry)}`}
              />
              <When at={entry.at} className="text-13 text-soft" />
            </Row>
          ))}
        </Rows>
      )}
      {hasNextPage && (
        <Button className="mt-3" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {accessWords.settings.more}
        </Button>
      )}
    </Section>
  );
}

/** What it was done to, and what is known beside it. */
function aboutOf({ target, details }: AuditEntry): string {
  const known = Object.entries(details).filter(
    ([, value]) => value !== null && String(value) !== '',
  );
  const said = known.map(([name, value]) => {
    const text = Array.isArray(value) ? value.join(', ') : String(value);
    return `${name}: ${text}`;
  });
  return [target, ...said]
    .filter(Boolean)
    .map((text) => ` · ${text}`)
    .join('');
}
