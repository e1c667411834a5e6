import type { LinkProps } from '@tanstack/react-router';
import { type LucideIcon, Smartphone, Webhook } from 'lucide-react';
import { webhookWords } from '../words/webhook-words.js';
import { words } from '../words/words.js';

export interface Destination {
  to: LinkProps['to'];
  label: string;
  icon: LucideIcon;
}

/**
 * The pages, in the order of the rail: Inbox, Accounts, Groups & Routes, Search, Chatbots, Bulk,
 * Webhooks, Jobs, Settings. A page gets its line here when it exists; nothing links into nowhere.
 */
export const destinations: Destination[] = [
  { to: '/accounts', label: words.nav.accounts, icon: Smartphone },
  { to: '/webhooks', label: webhookWords.title, icon: Webhook },
];
