import type { EventAnswer, MessageContent, MessageDetails } from '@patchbay/contract';

/** One person's vote or response, as it is kept. */
export interface Answer {
  senderJid: string;
  fromMe: boolean;
  /** JSON: the options chosen, or `{ response, extraGuests }`. */
  answer: string;
}

/** What can be said of a message beside its text, by kind. */
export function detailsOf(content: MessageContent, answers: Answer[]): MessageDetails {
  return { ...besideOf(content), ...thingOf(content, answers) };
}

function besideOf(content: MessageContent): MessageDetails {
  const mentions = 'mentions' in content ? content.mentions : undefined;
  if (!('quotedMessageId' in content || 'forwarded' in content || 'viewOnce' in content)) {
    const expiresIn = 'expiresIn' in content ? content.expiresIn : undefined;
    return { ...(mentions?.length && { mentions }), ...(expiresIn && { expiresIn }) };
  }
  const { forwarded, forwardingScore, viewOnce, expiresIn } = content;
  return {
    ...(mentions?.length && { mentions }),
    ...(forwarded && { forwarded, ...(forwardingScore && { forwardingScore }) }),
    ...(viewOnce && { viewOnce }),
    ...(expiresIn && { expiresIn }),
  };
}

function thingOf(content: MessageContent, answers: Answer[]): MessageDetails {
  switch (content.type) {
    case 'text':
      return content.linkPreview ? { linkPreview: content.linkPreview } : {};
    case 'location': {
      const { latitude, longitude, name, address, url } = content;
      const { live, caption, accuracy, speed, heading, sequence } = content;
      const more = { name, address, url, live, caption, accuracy, speed, heading, sequence };
      return { location: { latitude, longitude, ...present(more) } };
    }
    case 'contact':
      return { contacts: content.contacts };
    case 'poll':
      return { poll: pollOf(content, answers) };
    case 'event': {
      const { name, startsAt, description, endsAt, location, joinLink } = content;
      const { canceled, extraGuestsAllowed } = content;
      const more = { description, endsAt, location, joinLink, canceled, extraGuestsAllowed };
      const responses = answers.map(({ senderJid, fromMe, answer }) => ({
        senderJid,
        fromMe,
        ...(JSON.parse(answer) as { response: EventAnswer; extraGuests: number }),
      }));
      return { event: { name, startsAt, ...present(more), responses } };
    }
    case 'group_invite': {
      const { groupJid, groupName, code, expiresAt, caption } = content;
      return { groupInvite: { groupJid, groupName, code, ...present({ expiresAt, caption }) } };
    }
    case 'system':
      return content.action
        ? {
            system: {
              action: content.action,
              ...present({ people: content.people, seconds: content.seconds }),
            },
          }
        : {};
    default:
      return {};
  }
}

function pollOf(
  { name, options, selectableCount }: Extract<MessageContent, { type: 'poll' }>,
  answers: Answer[],
) {
  const votes = answers.map(({ senderJid, fromMe, answer }) => {
    return { senderJid, fromMe, chosen: JSON.parse(answer) as string[] };
  });
  return {
    name,
    selectableCount,
    options: options.map((option) => ({
      name: option,
      voters: votes.filter(({ chosen }) => chosen.includes(option)).map((vote) => vote.senderJid),
    })),
    ownVote: votes.find(({ fromMe }) => fromMe)?.chosen ?? [],
  };
}

type Present<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

function present<T extends object>(fields: T): Present<T> {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Present<T>;
}
