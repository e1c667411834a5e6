import {
  Account,
  type ChangeSessionSettings,
  type CreateAccount,
  Done,
  HistoryAsked,
  PairingCode,
  SendAnswer,
  type SendMessage,
  type SendText,
  SessionAnswer,
  SessionSettings,
  type ShowTyping,
} from '@patchbay/contract';
import { z } from 'zod';
import { request } from './request.js';

const Anything = z.unknown();
const session = (id: string) => `/sessions/${encodeURIComponent(id)}`;

export const signIn = (apiKey: string) =>
  request('/auth/sign-in', Anything, { method: 'POST', body: { apiKey } });

export const signOut = () => request('/auth/sign-out', Anything, { method: 'POST' });

export const createAccount = (body: CreateAccount) =>
  request('/accounts', Account, { method: 'POST', body });

/** Logs out, deletes credentials, messages and the record itself. */
export const removeAccount = (id: string) =>
  request(`/accounts/${encodeURIComponent(id)}`, Anything, { method: 'DELETE' });

/** Starts a session, or starts it anew; also brings a fresh QR at once. */
export const startSession = (id: string) =>
  request(session(id), SessionAnswer, { method: 'PUT', body: {} });

/** Closes the connection and keeps the link, so that starting again needs no scan. */
export const closeSession = (id: string) =>
  request(session(id), SessionAnswer, { method: 'DELETE' });

/** Logs the device out at WhatsApp and deletes its credentials; the record and messages stay. */
export const logOutSession = (id: string) =>
  request(`${session(id)}/storage`, SessionAnswer, { method: 'DELETE' });

export const changeSettings = (id: string, body: ChangeSessionSettings) =>
  request(`${session(id)}/settings`, SessionSettings, { method: 'PUT', body });

/** `phone`: digits, country code first. */
export const requestPairingCode = (id: string, phone: string) =>
  request(`${session(id)}/pairing-code`, PairingCode.partial({ expiresAt: true }), {
    method: 'POST',
    body: { phone },
  });

export const sendText = (id: string, body: SendText, idempotencyKey: string) =>
  request(`${session(id)}/send/text`, SendAnswer, { method: 'POST', body, idempotencyKey });

/** Asks the phone for messages from before the oldest of a chat; they come as events. */
export const askForHistory = (id: string, chatId: string) =>
  request(`${session(id)}/chats/${encodeURIComponent(chatId)}/history`, HistoryAsked, {
    method: 'POST',
    body: {},
  });

/** A message of any kind but files, or something done to one: a reaction, an edit, a vote ... */
export const sendContent = (id: string, body: SendMessage, idempotencyKey?: string) =>
  request(`${session(id)}/send`, SendAnswer, { method: 'POST', body, idempotencyKey });

/** Takes a message back that waits to be sent. */
export const cancelSend = (id: string, messageId: string) =>
  request(`${session(id)}/outbox/${encodeURIComponent(messageId)}`, Done, { method: 'DELETE' });

/** Shows the chat that somebody types or records, or has stopped. */
export const showTyping = (id: string, chatId: string, state: ShowTyping['state']) =>
  request(`${session(id)}/chats/${encodeURIComponent(chatId)}/typing`, Done, {
    method: 'POST',
    body: { state },
  });

export const scanWithSandboxPhone = (sessionId: string, phone: string) =>
  request('/sandbox/scan', Done, { method: 'POST', body: { sessionId, phone } });
