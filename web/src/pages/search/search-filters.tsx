import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useState } from 'react';
import { accountGroupsQuery, knowledgeTagsQuery, type SearchFilter } from '../../api/knowledge.js';
import { parsePhone } from '../../format/phone.js';
import { Button } from '../../ui/button.js';
import { inputClass } from '../../ui/field.js';
import { Select } from '../../ui/form.js';
import { knowledgeWords } from '../../words/knowledge-words.js';

const w = knowledgeWords.search;

/** Group, tag, sender and days. */
export function SearchFilters(props: {
  filter: SearchFilter;
  onChange: (changes: SearchFilter) => void;
}) {
  const { filter, onChange } = props;
  const { q: _, ...others } = filter;
  const isSet = Object.values(others).some((value) => value !== undefined);
  return (
    <fieldset className="mb-3 grid grid-cols-2 items-end gap-x-3 sm:grid-cols-3 lg:grid-cols-6">
      <legend className="sr-only">{w.filters}</legend>
      <GroupChoice value={filter.group} onChange={(group) => onChange({ group })} />
      <TagChoice value={filter.tag} onChange={(tag) => onChange({ tag })} />
      <Sender value={filter.sender} onChange={(sender) => onChange({ sender })} />
      <Day label={w.from} value={filter.from} onChange={(from) => onChange({ from })} />
      <Day label={w.to} value={filter.to} onChange={(to) => onChange({ to })} />
      {isSet && (
        <Button
          look="quiet"
          className="mb-3"
          icon={<X className="size-4" aria-hidden />}
          onClick={() =>
            onChange({
              group: undefined,
              tag: undefined,
              sender: undefined,
              from: undefined,
              to: undefined,
            })
          }
        >
          {w.clear}
        </Button>
      )}
    </fieldset>
  );
}

interface FilterProps {
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

function GroupChoice({ value, onChange }: FilterProps) {
  const { data } = useInfiniteQuery(accountGroupsQuery);
  const groups = data?.pages.flatMap((page) => page.groups) ?? [];
  const distinct = [...new Map(groups.map((group) => [group.id, group])).values()];
  const isKnown = value === undefined || distinct.some(({ id }) => id === value);
  return (
    <Select
      label={w.group}
      value={value ?? ''}
      onChange={({ target }) => onChange(target.value || undefined)}
    >
      <option value="">{w.anyGroup}</option>
      {distinct.map(({ id, subject }) => (
        <option key={id} value={id}>
          {subject}
        </option>
      ))}
      {!isKnown && <option value={value}>{knowledgeWords.routes.unnamed}</option>}
    </Select>
  );
}

function TagChoice({ value, onChange }: FilterProps) {
  const { data } = useQuery(knowledgeTagsQuery);
  const tags = data?.tags ?? [];
  const isKnown = value === undefined || tags.some(({ tag }) => tag === value);
  return (
    <Select
      label={w.tag}
      value={value ?? ''}
      onChange={({ target }) => onChange(target.value || undefined)}
    >
      <option value="">{w.anyTag}</option>
      {tags.map(({ tag, count }) => (
        <option key={tag} value={tag}>
          {`#${tag} (${count})`}
        </option>
      ))}
      {!isKnown && <option value={value}>{`#${value}`}</option>}
    </Select>
  );
}

/** A number counts when it is whole. */
function Sender({ value, onChange }: FilterProps) {
  const [typed, setTyped] = useState(value ?? '');
  return (
    <label className="block pb-3">
      <span className="mb-1 block text-13 font-medium">{w.sender}</span>
      <input
        type="tel"
        placeholder={w.senderHint}
        autoComplete="off"
        value={value === undefined && parsePhone(typed) ? '' : typed}
        onChange={({ target }) => {
          setTyped(target.value);
          onChange(parsePhone(target.value) ?? undefined);
        }}
        className={inputClass}
      />
    </label>
  );
}

function Day({ label, value, onChange }: FilterProps & { label: string }) {
  return (
    <label className="block pb-3">
      <span className="mb-1 block text-13 font-medium">{label}</span>
      <input
        type="date"
        value={value ?? ''}
        onChange={({ target }) => onChange(target.value || undefined)}
        className={inputClass}
      />
    </label>
  );
}
