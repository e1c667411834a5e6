import clsx from 'clsx';
import { FileSpreadsheet } from 'lucide-react';
import { type DragEvent, useId, useRef, useState } from 'react';
import { formatBytes } from '../../format/bytes.js';
import { Button } from '../../ui/button.js';
import { Field } from '../../ui/field.js';
import { TextArea } from '../../ui/form.js';
import { Segments } from '../../ui/segments.js';
import { bulkWords } from '../../words/bulk-words.js';
import { type GivenList, isCountry, type SendDraft } from './send-draft.js';

const w = bulkWords.make;
let lists = 0;

interface ListFieldsProps {
  draft: SendDraft;
  list: GivenList | null;
  onList: (list: GivenList | null) => void;
  onChange: (changes: Partial<SendDraft>) => void;
}

/** To whom: a CSV file that is dropped or chosen, or pasted rows. */
export function ListFields({ draft, list, onList, onChange }: ListFieldsProps) {
  const [how, setHow] = useState<'file' | 'paste'>('file');
  const [pasted, setPasted] = useState('');
  const give = (file: Blob | null, name = '') => {
    lists += 1;
    onList(file && { number: lists, name, file });
    onChange({ phoneColumn: '', columns: {} });
  };
  const paste = (text: string) => {
    setPasted(text);
    give(text.trim() ? new Blob([text], { type: 'text/csv' }) : null);
  };
  return (
    <>
      <div className="mb-3">
        <Segments
          label={w.how}
          value={how}
          options={[
            { value: 'file', label: w.file },
            { value: 'paste', label: w.paste },
          ]}
          onChoose={(next) => {
            setHow(next);
            if (next === 'paste') paste(pasted);
            else give(null);
          }}
        />
      </div>
      {how === 'file' && <FilePlace list={list} onFile={(file) => give(file, file.name)} />}
      {how === 'paste' && (
        <TextArea
          label={w.pasteLabel}
          hint={w.pasteHint}
          rows={6}
          value={pasted}
          onChange={({ target }) => paste(target.value)}
        />
      )}
      <Field
        label={w.country}
        hint={w.countryHint}
        error={isCountry(draft.country) ? null : w.countryWrong}
        maxLength={2}
        autoComplete="off"
        className="mt-3"
        value={draft.country}
        onChange={({ target }) => onChange({ country: target.value.toUpperCase() })}
      />
    </>
  );
}

interface FilePlaceProps {
  list: GivenList | null;
  onFile: (file: File) => void;
}

function FilePlace({ list, onFile }: FilePlaceProps) {
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const take = (files: FileList | null) => {
    const [file] = files ?? [];
    if (file) onFile(file);
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping; the button in it does the same
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
      className={clsx(
        'flex flex-col items-center gap-3 rounded-10 border border-dashed p-6 text-center transition-colors',
        over ? 'border-accent bg-accent-soft' : 'border-control-line',
      )}
    >
      <FileSpreadsheet className="size-6 text-soft" aria-hidden />
      <p id={id} className="font-medium wrap-anywhere-soft">
        {list ? w.chosen(list.name, formatBytes(list.file.size)) : w.drop}
      </p>
      <Button aria-describedby={id} onClick={() => input.current?.click()}>
        {w.choose}
      </Button>
      <p className="text-13 text-soft text-pretty">{w.fileHint}</p>
      <input
        ref={input}
        type="file"
        accept=".csv,.tsv,.txt,text/csv"
        aria-label={w.choose}
        tabIndex={-1}
        className="sr-only"
        onChange={({ target }) => {
          take(target.files);
          target.value = '';
        }}
      />
    </div>
  );
}
