import type { ReactNode } from 'react';

/** A link that came in a message; anything that is not of the web stays text. */
export function WebLink({ href, children }: { href: string; children: ReactNode }) {
  if (!/^https?:\/\//i.test(href)) return <span className="block">{children}</span>;
  return (
    <a
      href={href}
      target="_blank"
      rel="noreferrer nofollow"
      className="block w-fit text-accent-text underline max-sm:py-2.5 underline-offset-2 wrap-anywhere-soft"
    >
      {children}
    </a>
  );
}
