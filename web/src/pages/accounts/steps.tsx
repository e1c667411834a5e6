/** What to do on the phone, one line a step. */
export function Steps({ steps }: { steps: string[] }) {
  return (
    <ol className="flex flex-col gap-2">
      {steps.map((step, index) => (
        <li key={step} className="flex items-baseline gap-2.5">
          <span
            aria-hidden
            className="flex size-5 shrink-0 items-center justify-center rounded-full bg-sunken text-12 font-semibold text-soft nums"
          >
            {index + 1}
          </span>
          {step}
        </li>
      ))}
    </ol>
  );
}
