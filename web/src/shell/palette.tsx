import clsx from 'clsx';
import { Search } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { Keys } from '../ui/keys.js';
import { shellWords as words } from '../words/shell-words.js';
import { type Finding, useFindings } from './palette-findings.js';

/** Search and commands over everything: type, choose with the arrows, Enter. */
export function Palette({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
    return () => dialog.current?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a press beside the dialog; Escape is the browser's
    <dialog
      ref={dialog}
      aria-label={words.palette}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
      className="mt-[min(12vh,7rem)] w-[min(38rem,calc(100vw-1.5rem))] overflow-hidden rounded-10 border border-line bg-raised p-0 shadow-3 open:animate-appear"
    >
      <PaletteBody onClose={onClose} />
    </dialog>
  );
}

function PaletteBody({ onClose }: { onClose: () => void }) {
  const id = useId();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const { findings, busy } = useFindings(typed);
  const active = Math.min(at, findings.length - 1);
  const choose = (finding: Finding) => {
    onClose();
    finding.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chosen = findings[active];
    if (step && findings.length > 0) {
      const next = (active + step + findings.length) % findings.length;
      setAt(next);
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter' && chosen && !event.nativeEvent.isComposing) choose(chosen);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <div className="relative border-b border-line">
        <Search className="absolute top-4 left-4 size-5 text-soft" aria-hidden />
        <input
          // biome-ignore lint/a11y/noAutofocus: the dialog is this field
          autoFocus
          role="combobox"
          aria-label={words.palettePlaceholder}
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={findings.length > 0 ? `${id}-${active}` : undefined}
          placeholder={words.palettePlaceholder}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
          className="h-13 w-full bg-transparent pr-4 pl-12 text-16 outline-none"
        />
      </div>
      <div
        id={id}
        role="listbox"
        aria-label={words.paletteResults}
        aria-busy={busy}
        className="max-h-[min(26rem,60vh)] overflow-y-auto p-1.5"
      >
        {findings.map((finding, index) => (
          <Option
            key={finding.key}
            id={`${id}-${index}`}
            finding={finding}
            first={finding.group !== findings[index - 1]?.group}
            active={index === active}
            onPoint={() => setAt(index)}
            onChoose={() => choose(finding)}
          />
        ))}
      </div>
      <p
        role="status"
        className={clsx(findings.length > 0 ? 'sr-only' : 'px-5 pt-2 pb-6 text-soft')}
      >
        {findings.length === 0 && !busy && words.nothing}
      </p>
    </>
  );
}

interface OptionProps {
  id: string;
  finding: Finding;
  /** Of its group: the group's name stands above it. */
  first: boolean;
  active: boolean;
  onPoint: () => void;
  onChoose: () => void;
}

function Option({ id, finding, first, active, onPoint, onChoose }: OptionProps) {
  return (
    <>
      {first && (
        <div role="presentation" className="px-2.5 pt-2 pb-1 text-12 font-medium text-soft">
          {finding.group}
        </div>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's */}
      <div
        id={id}
        role="option"
        tabIndex={-1}
        aria-selected={active}
        onPointerMove={onPoint}
        onClick={onChoose}
        className={clsx('flex min-h-10 items-center gap-3 rounded-6 px-2.5', active && 'bg-sunken')}
      >
        <span className="flex size-6 shrink-0 items-center justify-center text-soft">
          {finding.picture}
        </span>
        <span className="min-w-0 flex-1 truncate" dir="auto">
          {finding.label}
        </span>
        {finding.hint && (
          <span className="max-w-[45%] shrink-0 truncate text-13 text-soft nums">
            {finding.hint}
          </span>
        )}
        {finding.keys && <Keys keys={finding.keys} />}
      </div>
    </>
  );
}
