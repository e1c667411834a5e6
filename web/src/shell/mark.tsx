/** Our sign: two jacks and the cord between them. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden="true">
      <rect width="32" height="32" rx="8" className="fill-[#0d5f60]" />
      <path
        d="M10 21c0-7 12-3 12-10"
        fill="none"
        stroke="#fff"
        strokeWidth="2.5"
        strokeLinecap="round"
      />
      <circle cx="10" cy="22" r="3.5" fill="#fff" />
      <circle cx="22" cy="10" r="3.5" fill="#fff" />
    </svg>
  );
}
