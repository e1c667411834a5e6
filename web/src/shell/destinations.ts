import type { LinkProps } from '@tanstack/react-router';
import {
  Bot,
  Inbox,
  type LucideIcon,
  Route,
  Search,
  Send,
  Settings,
  Smartphone,
  Webhook,
} from 'lucide-react';
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
  /** What the bar of a phone calls it, where its name is too long there. */
  short?: string;
}

/**
 * The pages, in the order of the rail: Inbox, Accounts, Groups & Routes, Search, Chatbots, Bulk,
 * Webhooks, Jobs, Settings. A page gets its line here when it exists; nothing links into nowhere.
 */
export const destinations: Destination[] = [
  { to: '/inbox', label: shellWords.inbox, icon: Inbox, key: 'i' },
  { to: '/accounts', label: words.nav.accounts, icon: Smartphone, key: 'a' },
  {
    to: '/routes',
    label: shellWords.routes,
    short: shellWords.routesShort,
    icon: Route,
    key: 'r',
  },
  { to: '/search', label: shellWords.search, icon: Search, key: 'f' },
  { to: '/chatbots', label: shellWords.chatbots, icon: Bot, key: 'b' },
  { to: '/bulk', label: shellWords.bulk, icon: Send, key: 'k' },
  { to: '/webhooks', label: webhookWords.title, icon: Webhook, key: 'w' },
  { to: '/settings', label: accessWords.settings.title, icon: Settings, key: 's' },
];

/** So many stand in the bar of a phone; the others are in the menu beside them. */
export const IN_BAR = 4;
