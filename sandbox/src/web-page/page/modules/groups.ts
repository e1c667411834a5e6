import { noteGroup } from '../groups.js';
import { line } from '../line.js';
import type { Chat } from '../stores.js';
import type { GroupSettings } from '../talk.js';
import { createWid, type Wid, type WidLike } from '../wid.js';

/** Reads the groups anew. */
async function refresh(): Promise<void> {
  for (const group of await line.request('groups', {})) noteGroup(group);
}

async function changeInfo(
  { _serialized: group }: Wid,
  change: Partial<GroupSettings>,
): Promise<void> {
  await line.request('changeGroup', { group, change });
  await refresh();
}

type MemberAction = 'add' | 'remove' | 'promote' | 'demote';

async function changeMembers(group: string, action: MemberAction, members: Wid[]): Promise<void> {
  const phones = members.map(({ user }) => user);
  await line.request('changeMembers', { group, action, phones });
  await refresh();
}

const withMembers =
  (action: MemberAction) =>
  (chat: Chat, members: { id: Wid }[]): Promise<void> =>
    changeMembers(
      chat.id._serialized,
      action,
      members.map(({ id }) => id),
    );

interface NewGroup {
  title: string;
  announce?: boolean;
  restrict?: boolean;
}

async function createGroup(
  { title, announce, restrict }: NewGroup,
  members: { phoneNumber: Wid }[],
) {
  const phones = members.map(({ phoneNumber }) => phoneNumber.user);
  const group = await line.request('createGroup', { subject: title, phones });
  const chat = noteGroup(group);
  if (announce) await changeInfo(chat.id, { announcement: true });
  if (restrict) await changeInfo(chat.id, { locked: true });
  const participants = chat.groupMetadata?.participants.getModelsArray() ?? [];
  return {
    wid: chat.id,
    subject: title,
    participants: participants.map(({ id, isSuperAdmin }) => ({
      wid: id,
      type: isSuperAdmin ? 'superadmin' : 'participant',
    })),
  };
}

/** The answer of the wire, in the nesting that the generated code of the real page gives it. */
function added(error?: string) {
  const mixins = error ? { name: 'ParticipantError', value: { error } } : undefined;
  return {
    name: 'AddParticipantsResponseSuccess',
    value: {
      addParticipant: [
        {
          addParticipantsParticipantAddedOrNonRegisteredWaUserParticipantErrorLidResponseMixinGroup:
            { value: { addParticipantsParticipantMixins: mixins } },
        },
      ],
    },
  };
}

async function setProperty({ id }: Chat, property: string, value: number): Promise<void> {
  const on = value === 1;
  if (property === 'announcement') await changeInfo(id, { announcement: on });
  else if (property === 'restrict') await changeInfo(id, { locked: on });
  else throw new Error(`this page cannot set ${property} of a group`);
}

export const groupModules = {
  WAWebGroupCreateJob: { createGroup },
  WAWebGroupModifyInfoJob: {
    setGroupSubject: (wid: Wid, subject: string) => changeInfo(wid, { subject }),
    setGroupDescription: (wid: Wid, description: string) => changeInfo(wid, { description }),
  },
  WAWebModifyParticipantsGroupAction: {
    removeParticipants: withMembers('remove'),
    promoteParticipants: withMembers('promote'),
    demoteParticipants: withMembers('demote'),
  },
  WASmaxGroupsAddParticipantsRPC: {
    sendAddParticipantsRPC: async ({
      participantArgs,
      iqTo,
    }: {
      participantArgs: { participantJid: string }[];
      iqTo: string;
    }) => {
      const members = participantArgs.map(({ participantJid }) => createWid(participantJid));
      await changeMembers(iqTo, 'add', members);
      return added();
    },
  },
  WAWebWidToJid: {
    widToUserJid: (wid: Wid) => wid.toJid(),
    widToGroupJid: (wid: Wid) => wid.toJid(),
  },
  WAWebSetPropertyGroupAction: { setGroupProperty: setProperty },
  WAWebExitGroupAction: {
    sendExitGroup: async ({ id }: Chat) => {
      await line.request('leaveGroup', { group: id._serialized });
    },
  },
  WAWebGroupQueryJob: {
    queryAndUpdateGroupMetadataById: refresh,
    resetGroupInviteCode: async ({ _serialized: group }: Wid) => ({
      code: await line.request('inviteCode', { group, anew: true }),
    }),
  },
  WAWebMexFetchGroupInviteCodeJob: {
    fetchMexGroupInviteCode: async (id: WidLike) => ({
      code: await line.request('inviteCode', { group: createWid(id)._serialized, anew: false }),
    }),
  },
  WAWebGroupInviteJob: {
    joinGroupViaInvite: async (code: string) => {
      const group = await line.request('joinGroup', { code });
      await refresh();
      return { gid: createWid(group) };
    },
  },
};

export const groupMetadataCollection = { update: refresh };
