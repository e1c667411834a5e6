import { useLocation } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

/**
 * The secret after the `#` of a link, which no server and no proxy sees. It leaves the address at
 * once, so that it stays neither in the history nor on the screen.
 */
export function useSecretInAddress(): string | null {
  const hash = useLocation({ select: (location) => location.hash });
  const [secret, setSecret] = useState<string | null>(hash === '' ? null : decoded(hash));
  useEffect(() => {
    if (!hash) return;
    setSecret(decoded(hash));
    const { pathname, search } = window.location;
    window.history.replaceState(window.history.state, '', pathname + search);
  }, [hash]);
  return secret;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
