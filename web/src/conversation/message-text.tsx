import { useMemo } from 'react';
import { useChatScope } from './chat-scope.js';
import { userOf } from './composer/mentions.js';
import { FormattedText } from './formatting/formatted-text.js';

/** What was written, with its formatting, its links, and the names of those it mentions. */
export function MessageText({ text, mentions }: { text: string; mentions?: string[] | undefined }) {
  const { nameOf } = useChatScope();
  const names = useMemo(
    () => mentions && new Map(mentions.map((jid) => [userOf(jid), nameOf(jid)])),
    [mentions, nameOf],
  );
  return <FormattedText text={text} names={names} />;
}
