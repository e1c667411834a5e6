import clsx from 'clsx';
import { type InputHTMLAttributes, type Ref, useId } from 'react';

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  hint?: string;
  error?: string | null;
  ref?: Ref<HTMLInputElement>;
}

export const inputClass =
  'h-10 w-full min-w-0 rounded-6 border border-control-line bg-surface px-3 max-sm:text-16 transition-colors';

/** A text field with its label above and a hint or error below, whose line is always kept free. */
export function Field({ label, hint, error, className, ...rest }: FieldProps) {
  const id = useId();
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1 block text-13 font-medium">
        {label}
      </label>
      <input
        {...rest}
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={`${id}-text`}
        className={clsx(inputClass, error && 'border-danger')}
      />
      <p
        id={`${id}-text`}
        role={error ? 'alert' : undefined}
        className={clsx('mt-1 mb-1.5 min-h-4.5 text-13', error ? 'text-danger' : 'text-soft')}
      >
        {error || hint}
      </p>
    </div>
  );
}
