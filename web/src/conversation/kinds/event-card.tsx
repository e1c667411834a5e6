import type { Message } from '@patchbay/contract';
import { CalendarDays } from 'lucide-react';
import { messageWords as words } from '../../words/message-words.js';
import { MessageText } from '../message-text.js';
import { useActs } from './act.js';
import { WebLink } from './web-link.js';

const ANSWERS = ['going', 'maybe', 'not_going'] as const;

/** What is planned and when, who comes, and the own answer. */
export function EventCard({ message }: { message: Message }) {
  const acts = useActs();
  const { event } = message;
  if (!event) return null;
  const own = event.responses.find(({ fromMe }) => fromMe)?.response;
  const count = (answer: string) => {
    const given = event.responses.filter(({ response }) => response === answer);
    return given.reduce((sum, { extraGuests }) => sum + 1 + extraGuests, 0);
  };
  const place = [event.location?.name, event.location?.address].filter(Boolean).join(', ');
  return (
    <section aria-label={words.event} className="my-1 w-72 max-w-full">
      <p className="flex items-start gap-2 font-semibold">
        <CalendarDays className="mt-0.5 size-4.5 shrink-0 text-soft" aria-hidden />
        <span className="wrap-anywhere-soft" dir="auto">
          {event.name}
        </span>
      </p>
      <p className="mt-0.5 text-13 text-soft nums">
        {range(event.startsAt, event.endsAt)}
        {event.canceled && <strong className="ml-2 text-danger">{words.canceled}</strong>}
      </p>
      {place && (
        <p className="text-13 text-soft wrap-anywhere-soft" dir="auto">
          {place}
        </p>
      )}
      {event.description && <MessageText text={event.description} />}
      {event.joinLink && <WebLink href={event.joinLink}>{words.join}</WebLink>}
      <div className="mt-1 flex gap-1">
        {ANSWERS.map((response) => (
          <button
            key={response}
            type="button"
            disabled={!acts?.connected || event.canceled}
            aria-pressed={own === response}
            onClick={() =>
              acts?.act(message, { type: 'event_response', targetId: message.id, response })
            }
            className="h-10 flex-1 rounded-6 border border-line px-1 text-13 enabled:hover:bg-sunken aria-pressed:border-accent aria-pressed:font-semibold aria-pressed:text-accent-text nums"
          >
            {words[response]} {count(response) > 0 && count(response)}
          </button>
        ))}
      </div>
    </section>
  );
}

function range(startsAt: string, endsAt: string | undefined): string {
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  const start = new Date(startsAt);
  return endsAt ? format.formatRange(start, new Date(endsAt)) : format.format(start);
}
