import clsx from 'clsx';
import {
  type InputHTMLAttributes,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from 'react';
import { inputClass } from './field.js';

interface TextAreaProps extends TextareaHTMLAttributes<HTMLTextAreaElement> {
  label: string;
  hint?: string;
  error?: string | null;
}

/** A field of several lines, with its label above and a hint or error below. */
export function TextArea({ label, hint, error, ...rest }: TextAreaProps) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-13 font-medium">
        {label}
      </label>
      <textarea
        rows={2}
        spellCheck={false}
        {...rest}
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={`${id}-text`}
        className={clsx(inputClass, 'h-auto min-h-16 py-2', error && 'border-danger')}
      />
      <p
        id={`${id}-text`}
        role={error ? 'alert' : undefined}
        className={clsx('mt-0.5 mb-1.5 min-h-4.5 text-13', error ? 'text-danger' : 'text-soft')}
      >
        {error || hint}
      </p>
    </div>
  );
}

/** A choice from a list, by the browser's own control. */
export function Select({
  label,
  children,
  ...rest
}: SelectHTMLAttributes<HTMLSelectElement> & { label: string }) {
  const id = useId();
  return (
    <div className="pb-3">
      <label htmlFor={id} className="mb-1 block text-13 font-medium">
        {label}
      </label>
      <select {...rest} id={id} className={inputClass}>
        {children}
      </select>
    </div>
  );
}

export function Check({
  label,
  ...rest
}: InputHTMLAttributes<HTMLInputElement> & { label: string }) {
  return (
    <label className="flex min-h-10 items-center gap-2.5">
      <input {...rest} type="checkbox" className="size-4.5 shrink-0 accent-accent" />
      <span className="min-w-0 wrap-anywhere-soft">{label}</span>
    </label>
  );
}
