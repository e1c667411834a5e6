import type { Message } from '@patchbay/contract';
import { MapPin, UserRound, Users } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatPhone } from '../../format/phone.js';
import { messageWords as words } from '../../words/message-words.js';
import { WebLink } from './web-link.js';

function Card({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <div className="my-1 flex w-72 max-w-full gap-2.5">
      <span className="flex size-10 shrink-0 items-center justify-center rounded-6 bg-[color-mix(in_srgb,var(--text)_8%,transparent)] text-soft">
        {icon}
      </span>
      <div className="min-w-0 flex-1">{children}</div>
    </div>
  );
}

/** Where it is, with a link: a map would tell others what is looked at. */
export function PlaceCard({ message: { location } }: { message: Message }) {
  if (!location) return null;
  const { latitude, longitude, name, address, live, caption } = location;
  const position = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  const at = `${latitude},${longitude}`;
  const map = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${at.replace(',', '/')}`;
  return (
    <Card icon={<MapPin className="size-5" aria-hidden />}>
      <p className="font-semibold wrap-anywhere-soft" dir="auto">
        {live ? words.live : (name ?? position)}
      </p>
      {(address || caption) && (
        <p className="text-13 text-soft wrap-anywhere-soft" dir="auto">
          {address ?? caption}
        </p>
      )}
      {(live || name) && <p className="text-13 text-soft nums">{position}</p>}
      <WebLink href={map}>{words.openMap}</WebLink>
    </Card>
  );
}

export function ContactCards({ message: { contacts = [] } }: { message: Message }) {
  return contacts.map(({ name, phones }, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the cards of one message never move
    <Card key={index} icon={<UserRound className="size-5" aria-hidden />}>
      <p className="font-semibold wrap-anywhere-soft" dir="auto">
        {name}
      </p>
      {phones.map((phone) => (
        <p key={phone} className="text-13 text-soft nums">
          {/^\+\d+$/.test(phone) ? formatPhone(phone.slice(1)) : phone}
        </p>
      ))}
    </Card>
  ));
}

export function InviteCard({ message: { groupInvite } }: { message: Message }) {
  if (!groupInvite) return null;
  const { groupName, caption } = groupInvite;
  return (
    <Card icon={<Users className="size-5" aria-hidden />}>
      <p className="text-13 text-soft">{words.groupInvite}</p>
      <p className="font-semibold wrap-anywhere-soft" dir="auto">
        {groupName}
      </p>
      {caption && (
        <p className="wrap-anywhere-soft" dir="auto">
          {caption}
        </p>
      )}
    </Card>
  );
}

/** The card of a link, above the text that has it. */
export function LinkCard({ message: { linkPreview } }: { message: Message }) {
  if (!linkPreview) return null;
  const { url, title, description, thumbnail } = linkPreview;
  const href = /^https?:\/\//i.test(url) ? url : `https://${url}`;
  return (
    <a
      href={href}
      target="_blank"
      rel="noreferrer nofollow"
      className="my-1 flex max-w-96 gap-2.5 overflow-hidden rounded-6 bg-[color-mix(in_srgb,var(--text)_6%,transparent)] p-2 hover:bg-[color-mix(in_srgb,var(--text)_10%,transparent)]"
    >
      {thumbnail && (
        <img
          src={`data:image/jpeg;base64,${thumbnail}`}
          alt=""
          className="size-16 shrink-0 rounded-[4px] object-cover"
        />
      )}
      <span className="min-w-0">
        <span className="line-clamp-2 font-semibold wrap-anywhere-soft" dir="auto">
          {title ?? url}
        </span>
        {description && (
          <span className="line-clamp-2 text-13 text-soft wrap-anywhere-soft" dir="auto">
            {description}
          </span>
        )}
        <span className="block truncate text-12 text-soft">{hostOf(href)}</span>
      </span>
    </a>
  );
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
