import { useQuery } from '@tanstack/react-query';
import { useState, useSyncExternalStore } from 'react';
import { meQuery } from '../../api/queries.js';
import { formatBytes } from '../../format/bytes.js';
import { words } from '../../words/words.js';
import { kindOf } from '../sending/wish.js';

/** A file chosen to be sent. */
export interface Attachment {
  key: number;
  file: File;
  kind: ReturnType<typeof kindOf>;
  /** A `blob:` address, of pictures and videos. */
  preview?: string;
  /** What is written under it; the first one's is the chat's draft instead. */
  caption: string;
  /** Pixels, once the browser has looked. */
  width?: number;
  height?: number;
}

export interface Attachments {
  files: Attachment[];
  /** Files that cannot be sent, in words. */
  refused: string[];
  add(files: Iterable<File>): void;
  change(key: number, change: Partial<Attachment>): void;
  remove(key: number): void;
  /** After sending: the thread has its own addresses of the files. */
  clear(): void;
  forgetRefused(): void;
}

let lastKey = 0;

function attachmentOf(file: File): Attachment {
  const kind = kindOf(file.type);
  const shown = kind === 'image' || kind === 'video';
  const preview = shown ? { preview: URL.createObjectURL(file) } : {};
  return { key: ++lastKey, file, kind, caption: '', ...preview };
}

/** By chat, as drafts are: whoever looks at another chat meanwhile finds them again. */
const trays = new Map<string, Attachment[]>();
const listeners = new Set<() => void>();
const NONE: Attachment[] = [];

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function changeTray(chat: string, change: (files: Attachment[]) => Attachment[]): void {
  const before = trays.get(chat) ?? NONE;
  const after = change(before);
  for (const { preview } of before.filter((each) => !after.some(({ key }) => key === each.key))) {
    if (preview) URL.revokeObjectURL(preview);
  }
  trays.set(chat, after);
  for (const listener of listeners) listener();
}

/** The files in the tray of one chat. What is too large to be sent is refused before it is uploaded. */
export function useAttachments(chat: string): Attachments {
  const most = useQuery(meQuery).data?.maxUploadBytes ?? Number.POSITIVE_INFINITY;
  const files = useSyncExternalStore(subscribe, () => trays.get(chat) ?? NONE);
  const [refused, setRefused] = useState<string[]>([]);
  return {
    files,
    refused,
    add(added) {
      const all = [...added];
      const limit = formatBytes(most);
      const tooLarge = all.filter(({ size }) => size > most);
      setRefused(
        tooLarge.map((file) => words.send.tooLarge(file.name, formatBytes(file.size), limit)),
      );
      changeTray(chat, (known) => [
        ...known,
        ...all.filter(({ size }) => size <= most).map(attachmentOf),
      ]);
    },
    change: (key, said) =>
      changeTray(chat, (known) =>
        known.map((each) => (each.key === key ? { ...each, ...said } : each)),
      ),
    remove: (key) => changeTray(chat, (known) => known.filter((each) => each.key !== key)),
    clear: () => changeTray(chat, () => []),
    forgetRefused: () => setRefused([]),
  };
}
