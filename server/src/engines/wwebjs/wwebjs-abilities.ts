import type { ChatAbilities, EngineAbilities, GroupAbilities } from '../engine-abilities.js';
import { EngineError } from '../engine-error.js';
import type { PageCall, PageCalls } from './protocol.js';

type Call = <Name extends PageCall>(
  call: Name,
  ...args: Parameters<PageCalls[Name]>
) => Promise<ReturnType<PageCalls[Name]>>;

/** What a session in a browser can do beside sending and receiving. */
export function wwebjsAbilities(call: Call): EngineAbilities {
  const group =
    <Name extends keyof GroupAbilities>(name: Name) =>
    (...args: Parameters<GroupAbilities[Name]>) =>
      call('groupAction', name, args) as ReturnType<GroupAbilities[Name]>;
  const chat =
    <Name extends keyof ChatAbilities>(name: Name) =>
    (...args: Parameters<ChatAbilities[Name]>) =>
      call('chatAction', name, args);
  return {
    groups: {
      fetch: group('fetch'),
      create: group('create'),
      setSubject: group('setSubject'),
      setDescription: group('setDescription'),
      setAnnounce: group('setAnnounce'),
      setLocked: group('setLocked'),
      setJoinApproval: group('setJoinApproval'),
      joinRequests: group('joinRequests'),
      answerJoinRequests: group('answerJoinRequests'),
      setEphemeral: group('setEphemeral'),
      setPicture: group('setPicture'),
      changeParticipants: group('changeParticipants'),
      inviteCode: group('inviteCode'),
      revokeInvite: group('revokeInvite'),
      join: group('join'),
      leave: group('leave'),
    },
    chats: {
      setArchived: chat('setArchived'),
      setPinned: chat('setPinned'),
      setMuted: chat('setMuted'),
      setUnread: chat('setUnread'),
      delete: chat('delete'),
    },
    history: {
      request: (chatJid, oldest, count) => call('olderMessages', chatJid, oldest, count),
    },
    contacts: {
      check: (phones) => call('checkNumbers', phones),
      picture: cannot,
      about: cannot,
      setBlocked: cannot,
      blocked: cannot,
    },
  };
}

async function cannot(): Promise<never> {
  throw new EngineError('unsupported', 'A session in a browser only checks numbers', true);
}
