import type { Message } from '@patchbay/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { meQuery } from '../../api/queries.js';
import { type Draft, draftKey, drafts, useDraft } from '../drafts.js';
import type { Outgoing } from '../sending/wish.js';
import { type Attachment, type Attachments, useAttachments } from './attachments.js';
import { asWritten, withMentions } from './mentions.js';

interface Writing {
  /** What the field shows: the draft, or the caption of the chosen file. */
  text: string;
  /** The draft itself, which is also the first file's caption. */
  draft: string;
  attachments: Attachments;
  chosen: Attachment | undefined;
  choose(attachment: Attachment): void;
  write(text: string): void;
  /** A name in the text that stands for somebody. */
  mention(name: string, jid: string): void;
  nothing: boolean;
  /** All that is to be sent, one message for each file. */
  outgoing(chatId: string, quoted: Outgoing['quoted']): Outgoing[];
  edited(): Pick<Outgoing, 'text' | 'mentions'>;
  clear(): void;
}

const NO_FILES: Attachment[] = [];

/** What is being written in a chat, or as the new text of a message. */
export function useWriting(
  sessionId: string,
  chatId: string | undefined,
  editing: Message | null,
): Writing {
  const userId = useQuery(meQuery).data?.userId ?? '';
  const key = draftKey(userId, sessionId, chatId ?? '', editing?.id);
  const kept = useDraft(key);
  // An edit begins as what the message says.
  const draft: Draft = kept.text === '' && editing ? asWritten(editing) : kept;
  const attachments = useAttachments(`${userId} ${sessionId} ${chatId}`);
  const files = editing ? NO_FILES : attachments.files;
  const [chosenKey, setChosenKey] = useState<number | null>(null);
  const chosen = files.find((each) => each.key === chosenKey) ?? files[0];
  const ownCaption = chosen && chosen !== files[0] ? chosen : null;
  return {
    text: ownCaption?.caption ?? draft.text,
    draft: draft.text,
    attachments,
    chosen,
    choose: (attachment) => setChosenKey(attachment.key),
    write(text) {
      if (ownCaption) attachments.change(ownCaption.key, { caption: text });
      else drafts.keep(key, { mentions: draft.mentions, ...drafts.of(key), text });
    },
    mention(name, jid) {
      const before = drafts.of(key);
      drafts.keep(key, { ...before, mentions: { ...before.mentions, [name]: jid } });
    },
    nothing: draft.text.trim() === '' && files.length === 0,
    edited: () => withMentions({ ...draft, text: draft.text.trim() }),
    outgoing(to, quoted) {
      const text = draft.text.trim();
      const quote = quoted ? { quoted } : {};
      if (files.length === 0)
        return [{ chatId: to, ...withMentions({ ...draft, text }), ...quote }];
      return files.map(({ file: blob, width, height, caption }, index) => ({
        chatId: to,
        text: index === 0 ? text : caption.trim(),
        file: { blob, name: blob.name, width, height },
        ...(index === 0 && quote),
      }));
    },
    clear() {
      drafts.keep(key, { text: '' });
      if (!editing) attachments.clear();
      setChosenKey(null);
    },
  };
}
