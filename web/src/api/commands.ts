import type {
  Account,
  ChangeSessionSettings,
  CreateAccount,
  Done,
  HistoryAsked,
  PairingCode,
  SendAnswer,
  SendMessage,
  SendText,
  SessionAnswer,
  SessionSettings,
  ShowTyping,
} from '@patchbay/contract';
import { ask } from './request.js';

const session = (id: string) => `/sessions/${encodeURIComponent(id)}`;

export const signIn = (apiKey: string) =>
  ask<unknown>('/auth/sign-in', { method: 'POST', body: { apiKey } });

export const signOut = () => ask<unknown>('/auth/sign-out', { method: 'POST' });

export const createAccount = (body: CreateAccount) =>
  ask<Account>('/accounts', { method: 'POST', body });

/** Logs out, deletes credentials, messages and the record itself. */
export const removeAccount = (id: string) =>
  ask<unknown>(`/accounts/${encodeURIComponent(id)}`, { method: 'DELETE' });

/** Starts a session, or starts it anew; also brings a fresh QR at once. */
export const startSession = (id: string) =>
  ask<SessionAnswer>(session(id), { method: 'PUT', body: {} });

/** Closes the connection and keeps the link, so that starting again needs no scan. */
export const closeSession = (id: string) => ask<SessionAnswer>(session(id), { method: 'DELETE' });

/** Logs the device out at WhatsApp and deletes its credentials; the record and messages stay. */
export const logOutSession = (id: string) =>
  ask<SessionAnswer>(`${session(id)}/storage`, { method: 'DELETE' });

export const changeSettings = (id: string, body: ChangeSessionSettings) =>
  ask<SessionSettings>(`${session(id)}/settings`, { method: 'PUT', body });

/** `phone`: digits, country code first. */
export const requestPairingCode = (id: string, phone: string) =>
  ask<Pick<PairingCode, 'code'> & Partial<PairingCode>>(`${session(id)}/pairing-code`, {
    method: 'POST',
    body: { phone },
  });

export const sendText = (id: string, body: SendText, idempotencyKey: string) =>
  ask<SendAnswer>(`${session(id)}/send/text`, { method: 'POST', body, idempotencyKey });

/** Asks the phone for messages from before the oldest of a chat; they come as events. */
export const askForHistory = (id: string, chatId: string) =>
  ask<HistoryAsked>(`${session(id)}/chats/${encodeURIComponent(chatId)}/history`, {
    method: 'POST',
    body: {},
  });

/** A message of any kind but files, or something done to one: a reaction, an edit, a vote ... */
export const sendContent = (id: string, body: SendMessage, idempotencyKey?: string) =>
  ask<SendAnswer>(`${session(id)}/send`, { method: 'POST', body, idempotencyKey });

/** Takes a message back that waits to be sent. */
export const cancelSend = (id: string, messageId: string) =>
  ask<Done>(`${session(id)}/outbox/${encodeURIComponent(messageId)}`, { method: 'DELETE' });

/** Shows the chat that somebody types or records, or has stopped. */
export const showTyping = (id: string, chatId: string, state: ShowTyping['state']) =>
  ask<Done>(`${session(id)}/chats/${encodeURIComponent(chatId)}/typing`, {
    method: 'POST',
    body: { state },
  });

export const scanWithSandboxPhone = (sessionId: string, phone: string) =>
  ask<Done>('/sandbox/scan', { method: 'POST', body: { sessionId, phone } });
