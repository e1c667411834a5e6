import type { MentionNames } from '@patchbay/contract';
import { useMemo } from 'react';
import { called } from '../format/called.js';
import { useChatScope } from './chat-scope.js';
import { userOf } from './composer/mentions.js';
import { FormattedText } from './formatting/formatted-text.js';

interface MessageTextProps {
  text: string;
  mentions?: string[] | undefined;
  mentionNames?: MentionNames | undefined;
}

/** What was written, with its formatting, its links, and the names of those it mentions. */
export function MessageText({ text, mentions, mentionNames }: MessageTextProps) {
  const { nameOf } = useChatScope();
  const names = useMemo(() => {
    if (!mentions && !mentionNames) return undefined;
    const known = Object.entries(mentionNames ?? {}).filter(([, name]) => name !== null);
    return new Map([
      ...(mentions ?? []).map((jid) => [userOf(jid), nameOf(jid)] as const),
      ...known.map(([user, name]) => [user, called(name)] as const),
    ]);
  }, [mentions, mentionNames, nameOf]);
  return <FormattedText text={text} names={names} />;
}
