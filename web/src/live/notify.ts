import type { Chat, LogEvent } from '@patchbay/contract';
import type { QueryClient } from '@tanstack/react-query';
import { chatName } from '../chat-name.js';
import { withNames } from '../format/called.js';
import { isBoolean, kept } from '../kept.js';
import { inboxWords as words } from '../words/inbox-words.js';
import { words as allWords } from '../words/words.js';
import { findChat } from './apply-inbox.js';
import { actsOnAnother } from './reduce.js';

/** Whether new messages are told by the browser and by a sound; both are off until somebody wants them. */
export const notifications = kept('patchbay-notifications', isBoolean, false);
export const sounds = kept('patchbay-sounds', isBoolean, false);

/** Older than this, a message is not news: it came while we were away (ms). */
const NEWS_MS = 60_000;
/** Many messages at once make one sound (ms). */
const SOUND_EVERY_MS = 2_000;

/** Asks the browser where that is necessary. @returns whether notifications are on now */
export async function allowNotifications(): Promise<boolean> {
  if (!('Notification' in window)) return false;
  const allowed = (await Notification.requestPermission()) === 'granted';
  notifications.set(allowed);
  return allowed;
}

/** Tells of a message that somebody should look at: not of muted chats, not of what is being looked at. */
export function notifyOf(cache: QueryClient, event: LogEvent): void {
  if (event.name !== 'session.message' || event.data.source !== 'live') return;
  const { message } = event.data;
  if (message.fromMe || message.type === 'system' || actsOnAnother(message)) return;
  if (
    Date.now() - Date.parse(message.timestamp) > NEWS_MS ||
    !isAway(event.sessionId, message.chatId)
  )
    return;
  const chat = findChat(cache, event.sessionId, message.chatId);
  if (chat?.muted || chat?.archived) return;
  if (sounds.get()) play();
  if (notifications.get() && 'Notification' in window && Notification.permission === 'granted')
    show(event.sessionId, message, chat);
}

/** Pictures and the like without words are told by what they are. */
function said({ content, type, mentionNames }: Incoming): string {
  return withNames(content, mentionNames) || (allWords.kinds[type] ?? '');
}

type Incoming = Extract<LogEvent, { name: 'session.message' }>['data']['message'];

function show(sessionId: string, message: Incoming, chat: Chat | undefined): void {
  const name = chat ? chatName(chat) : (message.senderName ?? words.someone);
  const who = chat?.isGroup && message.senderName ? `${message.senderName}: ` : '';
  const key = `${sessionId}/${message.chatId}`;
  const shown = new Notification(name, {
    body: `${who}${said(message)}`.slice(0, 200),
    // One for each chat: the newest message takes the place of the one before.
    tag: key,
    icon: '/favicon.svg',
  });
  shown.onclick = () => {
    window.focus();
    shown.close();
    window.dispatchEvent(new CustomEvent<string>(OPEN_CHAT, { detail: key }));
  };
}

/** Told to the window when somebody presses a notification; the detail is the chat's key. */
export const OPEN_CHAT = 'patchbay-open-chat';

function isAway(sessionId: string, chatId: string): boolean {
  if (document.hidden || !document.hasFocus()) return true;
  const open = new URLSearchParams(window.location.search).get('chat');
  return open !== `${sessionId}/${chatId}`;
}

let lastSound = 0;

/** Two short, soft tones. */
function play(): void {
  if (Date.now() - lastSound < SOUND_EVERY_MS) return;
  lastSound = Date.now();
  const audio = new AudioContext();
  const volume = audio.createGain();
  volume.connect(audio.destination);
  volume.gain.setValueAtTime(0.08, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.35);
  for (const [pitch, at] of [
    [660, 0],
    [880, 0.09],
  ] as const) {
    const tone = audio.createOscillator();
    tone.frequency.value = pitch;
    tone.connect(volume);
    tone.start(audio.currentTime + at);
    tone.stop(audio.currentTime + 0.4);
    tone.onended = () => void audio.close().catch(() => undefined);
  }
}
