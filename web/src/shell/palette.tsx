import { useEffect, useRef, useState } from 'react';
import { ComboList } from '../ui/combo-list.js';
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
  const [typed, setTyped] = useState('');
  const { findings, busy } = useFindings(typed);
  return (
    <ComboList
      large
      label={words.palettePlaceholder}
      listLabel={words.paletteResults}
      nothing={words.nothing}
      items={findings}
      keyOf={({ key }) => key}
      groupOf={({ group }) => group}
      busy={busy}
      typed={typed}
      onType={setTyped}
      onChoose={(finding) => {
        onClose();
        finding.run();
      }}
    >
      {FindingLine}
    </ComboList>
  );
}

function FindingLine({ picture, label, hint, keys }: Finding) {
  return (
    <>
      <span className="flex size-6 shrink-0 items-center justify-center text-soft">{picture}</span>
      <span className="min-w-0 flex-1 truncate" dir="auto">
        {label}
      </span>
      {hint && <span className="max-w-[45%] shrink-0 truncate text-13 text-soft nums">{hint}</span>}
      {keys && <Keys keys={keys} />}
    </>
  );
}
