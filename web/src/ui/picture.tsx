import clsx from 'clsx';
import { useState } from 'react';
import { Initials } from './initials.js';

interface PictureProps {
  id: string;
  name: string;
  /** Where the picture is; null where there is none. */
  url: string | null;
  className?: string;
}

/** The picture of a person or group, with initials until it is here and where there is none. */
export function Picture({ id, name, url, className }: PictureProps) {
  const [missing, setMissing] = useState<string | null>(null);
  const shown = url && url !== missing ? url : null;
  return (
    <span className={clsx('relative inline-flex size-10 shrink-0', className)}>
      <Initials id={id} name={name} className="size-full! text-[length:inherit]" />
      {shown && (
        <img
          src={shown}
          alt=""
          loading="lazy"
          decoding="async"
          onError={() => setMissing(shown)}
          className="absolute inset-0 size-full rounded-full object-cover"
        />
      )}
    </span>
  );
}

/**
 * The address of a picture that the server knows to exist. One that nobody has asked for yet would be a
 * question to WhatsApp, and a list of thousands would ask thousands.
 */
export function knownPicture(url: string | null): string | null {
  return url?.includes('?v=') ? url : null;
}

/** The address of a picture that may be asked for now: of an account that is not connected, a known one. */
export function pictureNow(url: string | null, connected: boolean): string | null {
  return connected ? url : knownPicture(url);
}
