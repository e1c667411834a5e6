import { useId } from 'react';

interface SegmentsProps<Value extends string> {
  label: string;
  value: Value;
  options: { value: Value; label: string }[];
  onChoose: (value: Value) => void;
}

/** One choice out of a few that all stand there. */
export function Segments<Value extends string>(props: SegmentsProps<Value>) {
  const { label, value: chosen, options, onChoose } = props;
  const name = useId();
  return (
    <fieldset className="flex rounded-6 bg-sunken p-0.5">
      <legend className="sr-only">{label}</legend>
      {options.map(({ value, label: text }) => (
        <label
          key={value}
          className="flex h-9 flex-1 cursor-pointer items-center justify-center rounded-[4px] text-13 font-medium text-soft has-checked:bg-segment has-checked:text-text has-checked:shadow-1 has-focus-visible:outline-2 has-focus-visible:outline-accent max-sm:h-10"
        >
          <input
            type="radio"
            name={name}
            checked={chosen === value}
            onChange={() => onChoose(value)}
            className="sr-only"
          />
          {text}
        </label>
      ))}
    </fieldset>
  );
}
