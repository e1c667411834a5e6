import type { LinkProps } from '@tanstack/react-router';
import { Inbox, type LucideIcon, Settings, Smartphone, Webhook } from 'lucide-react';
import { accessWords } from '../words/access-words.js';
import { shellWords } from '../words/shell-words.js';
import { webhookWords } from '../words/webhook-words.js';
import { words } from '../words/words.js';

export interface Destination {
  to: NonNullable<LinkProps['to']>;
  label: string;
  icon: LucideIcon;
  /** After `g`, this letter goes there. */
  key: string;
}

/**
 * The pages, in the order of the rail: Inbox, Accounts, Groups & Routes, Search, Chatbots, Bulk,
 * Webhooks, Jobs, Settings. A page gets its line here when it exists; nothing links into nowhere.
 */
export const destinations: Destination[] = [
  { to: '/inbox', label: shellWords.inbox, icon: Inbox, key: 'i' },
  { to: '/accounts', label: words.nav.accounts, icon: Smartphone, key: 'a' },
  { to: '/webhooks', label: webhookWords.title, icon: Webhook, key: 'w' },
  { to: '/settings', label: accessWords.settings.title, icon: Settings, key: 's' },
];
