import { randomInt } from 'node:crypto';
import type { Store } from './store.js';
import { nowSeconds } from './world.js';

export type GroupRole = 'superadmin' | 'admin' | 'member';

export interface GroupRecord {
  /** `<digits>@g.us` */
  id: string;
  subject: string;
  subjectAt: number;
  /** Phones: who set the subject, who made the group. */
  subjectBy: string;
  creator: string;
  createdAt: number;
  description?: { id: string; text: string; by: string; at: number };
  /** Only admins write; only admins change the group's data. */
  announcement: boolean;
  locked: boolean;
  /** Admins decide who comes in by the invite link; who asks for it, and since when (seconds). */
  joinApproval?: boolean;
  requests?: Record<string, number>;
  /** Seconds after which messages disappear; absent: never. */
  ephemeral?: number;
  pictureId?: string;
  inviteCode: string;
  /** Phone → role, in the order of joining. */
  members: Record<string, GroupRole>;
}

const CODE_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export const newInviteCode = (): string =>
  Array.from({ length: 22 }, () => CODE_LETTERS[randomInt(CODE_LETTERS.length)]).join('');

/** Groups and who is in them. */
export class Groups {
  private readonly byId = new Map<string, GroupRecord>();
  private readonly put;

  constructor(private readonly store: Store) {
    this.put = store.prepare('INSERT OR REPLACE INTO chat_group (id, json) VALUES (?, ?)');
    for (const row of store.prepare('SELECT json FROM chat_group').all() as { json: string }[]) {
      const group = JSON.parse(row.json) as GroupRecord;
      this.byId.set(group.id, group);
    }
  }

  create(subject: string, creator: string, others: string[]): GroupRecord {
    const at = nowSeconds();
    const members: GroupRecord['members'] = { [creator]: 'superadmin' };
    for (const phone of others) members[phone] ??= 'member';
    const group: GroupRecord = {
      id: `120363${randomInt(1e6, 1e7)}${randomInt(1e5, 1e6)}@g.us`,
      subject,
      subjectAt: at,
      subjectBy: creator,
      creator,
      createdAt: at,
      announcement: false,
      locked: false,
      inviteCode: newInviteCode(),
      members,
    };
    this.byId.set(group.id, group);
    this.save(group);
    return group;
  }

  get(id: string): GroupRecord | undefined {
    return this.byId.get(id);
  }

  byInvite(code: string): GroupRecord | undefined {
    return [...this.byId.values()].find((group) => group.inviteCode === code);
  }

  /** Groups that a phone is in. */
  of(phone: string): GroupRecord[] {
    return [...this.byId.values()].filter((group) => phone in group.members);
  }

  save(group: GroupRecord): void {
    this.store.write(this.put, group.id, JSON.stringify(group));
  }
}
