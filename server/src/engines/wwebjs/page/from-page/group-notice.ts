import type { ParticipantAction } from '@patchbay/contract';
import { userOf } from '../../../../whatsapp/jid.js';
import type { EngineEvent, EngineEventOf, EngineGroup } from '../../../engine-events.js';
import type { PageMessageData } from '../page-window.js';
import { jidOf, type OtherNames } from '../wids.js';
import { actionFromPage } from './message.js';

/** Notices about members (`gp2`, by subtype), and how they read. */
const MEMBERS: Record<string, { action: ParticipantAction; text: string; word: string }> = {
  add: { action: 'add', text: 'Added', word: 'group_participant_add' },
  invite: { action: 'add', text: 'Joined by link', word: 'group_participant_invite' },
  linked_group_join: { action: 'add', text: 'Joined', word: 'group_participant_invite' },
  remove: { action: 'remove', text: 'Removed', word: 'group_participant_remove' },
  leave: { action: 'remove', text: 'Left', word: 'group_participant_leave' },
  promote: { action: 'promote', text: 'Now admin', word: 'group_participant_promote' },
  demote: { action: 'demote', text: 'No longer admin', word: 'group_participant_demote' },
};

/**
 * A notice in a group: the line that people see, and what it changes.
 * @param group as it is now
 */
export async function groupNoticeEvents(
  data: PageMessageData,
  group: EngineGroup | undefined,
  me: { jid: string; lid?: string },
  names: OtherNames,
): Promise<EngineEvent[]> {
  const jid = jidOf(data.id.remote);
  const byJid = data.author ? jidOf(data.author) : undefined;
  const by = byJid ? { byJid } : {};
  const members = MEMBERS[data.subtype ?? ''];
  if (members) {
    const people = (data.recipients ?? []).map(jidOf);
    const others = await names.of(people);
    const participants = people.map((person) => {
      const altJid = others.get(person);
      const role = members.action === 'promote' ? ('admin' as const) : ('member' as const);
      return { jid: person, ...(altJid && { altJid }), role };
    });
    const { action, word } = members;
    const includesMe = people.some((person) => person === me.jid || person === me.lid);
    const text = `${members.text}: ${people.map((person) => `@${userOf(person)}`).join(', ')}`;
    return [
      ...(includesMe && action === 'add' ? asGroups(group) : []),
      { type: 'group-participants', jid, action, participants, includesMe, ...by },
      await line(data, { text, action: word, people }, me, names),
    ];
  }
  const change = group && changeTo(group, data.subtype);
  const shown = textOf(data.subtype ?? 'notice', data.body ?? '');
  return [
    ...(change ? [{ type: 'group-changed', jid, change, ...by } satisfies EngineEvent] : []),
    ...(data.subtype === 'picture'
      ? [{ type: 'picture', jid, removed: false } satisfies EngineEvent]
      : []),
    ...(data.subtype === 'create' ? asGroups(group) : []),
    await line(data, shown, me, names),
  ];
}

function asGroups(group: EngineGroup | undefined): EngineEvent[] {
  return group ? [{ type: 'groups', groups: [group] }] : [];
}

/** Of what the notice names: as the group has it now. */
function changeTo(
  group: EngineGroup,
  subtype: string | undefined,
): EngineEventOf<'group-changed'>['change'] | undefined {
  switch (subtype) {
    case 'subject':
      return { subject: group.subject };
    case 'description':
      return { description: group.description ?? '' };
    case 'announce':
      return { announce: group.announce };
    case 'restrict':
      return { locked: group.locked };
    default:
      return undefined;
  }
}

function textOf(subtype: string, body: string): { text: string; action: string } {
  const texts: Record<string, [string, string]> = {
    create: [`Group "${body}" created`, 'group_create'],
    subject: [`Subject changed to "${body}"`, 'group_change_subject'],
    description: ['Description changed', 'group_change_description'],
    picture: ['Picture changed', 'group_change_icon'],
    announce: [`Only admins can write: ${body}`, 'group_change_announce'],
    restrict: [`Only admins can change the group: ${body}`, 'group_change_restrict'],
  };
  const [text, action] = texts[subtype] ?? [subtype.replaceAll('_', ' '), `notice_${subtype}`];
  return { text, action };
}

async function line(
  data: PageMessageData,
  said: { text: string; action: string; people?: string[] },
  me: { jid: string },
  names: OtherNames,
): Promise<EngineEvent> {
  const content = { type: 'system', ...said } as const;
  const action = { id: data.id.id, timestamp: data.t * 1000, content };
  const message = await actionFromPage(data, action, me, names);
  return { type: 'message', source: 'live', message };
}
