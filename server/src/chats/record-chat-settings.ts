import type { EventData } from '@patchbay/contract';
import type { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';
import type { EngineChatSettings, EngineEventOf } from '../engines/engine-events.js';
import type { EventLog, EventSource } from '../event-log/event-log.js';
import { owned } from '../sessions/fence.js';
import type { ChatAddress } from './chat-addresses.js';
import type { ChatStore } from './chat-store.js';
import { settingsOf } from './chat-view.js';
import { deleteMessagesOfChat } from './messages-of-chat.js';

type SettingsEvent = EngineEventOf<'picture' | 'chat-settings' | 'label' | 'chat-label'>;

/** Columns of a chat that its devices share. */
interface SettingsRow {
  archived: number;
  marked_unread: number;
  pinned_at: number | null;
  muted_until: number | null;
  unread_count: number;
}

/** Keeps what the account's devices say about its chats: archived, pinned, muted, labels, pictures. */
export class ChatSettingsRecorder {
  constructor(
    private readonly database: Database,
    private readonly chats: ChatStore,
    private readonly log: EventLog,
    private readonly nextEvent: (session: EventSource) => WriteStep,
    private readonly forgetTeam: (sessionId: string, chatId: string) => WriteStep[],
  ) {
    chats.addresses.onMerge((sessionId, from, into) => this.followMerge(sessionId, from, into));
  }

  async record(session: EventSource, event: SettingsEvent): Promise<void> {
    switch (event.type) {
      case 'picture':
        return this.setPicture(session, { jid: event.jid }, event.removed ? '' : null);
      case 'chat-settings':
        for (const chat of event.chats) {
          if (chat.deleted) await this.delete(session, chat);
          else await this.change(session, chat);
        }
        return;
      case 'label':
        return this.setLabel(session, event);
      case 'chat-label':
        return this.setOnChat(session, event);
    }
  }

  /** @param picture its id; empty: there is none; null: not known */
  async setPicture(
    session: EventSource,
    address: ChatAddress,
    picture: string | null,
  ): Promise<void> {
    const chat = await this.chats.addresses.resolve(session, address);
    const query = this.database.kysely
      .updateTable('chats')
      .set({ picture })
      .where('session_id', '=', session.id)
      .where('id', '=', chat.id);
    await this.database.write([...owned(this.database.kysely, session), { query }]);
  }

  private async change(session: EventSource, settings: EngineChatSettings): Promise<void> {
    const { archived, pinned, mutedUntil, markedUnread } = settings;
    await this.update(session, settings, (row) => ({
      ...(archived !== undefined && { archived: archived ? 1 : 0 }),
      ...(pinned !== undefined && { pinned_at: pinned ? (row.pinned_at ?? Date.now()) : null }),
      ...(mutedUntil !== undefined && { muted_until: mutedUntil }),
      ...(markedUnread !== undefined && { marked_unread: markedUnread ? 1 : 0 }),
      ...(markedUnread === false && { unread_count: 0 }),
    }));
  }

  /** Changes a chat's columns and tells of it, if anything is other than before. */
  private async update(
    session: EventSource,
    { jid, altJid }: ChatAddress,
    changeOf: (row: SettingsRow) => Partial<SettingsRow>,
    labelled?: { labelId: string; on: boolean },
  ): Promise<void> {
    const { kysely } = this.database;
    const address = { jid, altJid };
    const { applied } = await this.chats.addresses.write(session, address, async (chat) => {
      const before = (await this.row(session.id, chat.id)) ?? NOTHING_SET;
      const change = changeOf(before);
      const after = { ...before, ...change };
      const labels = await this.labels(session.id, chat.id);
      const steps = labelled ? this.labelSteps(session.id, chat.id, labelled, labels) : [];
      const isNews = Object.entries(after).some(
        ([name, value]) => before[name as keyof SettingsRow] !== value,
      );
      const ground = [
        ...this.chats.ensure(session.id, chat),
        this.chats.stillLeads(session.id, chat),
      ];
      if (!isNews && steps.length === 0) return ground;
      const query = kysely
        .updateTable('chats')
        .set(change)
        .where('session_id', '=', session.id)
        .where('id', '=', chat.id);
      const told: EventData<'chat.updated'> = {
        chatId: chat.id,
        ...settingsOf(after),
        unreadCount: after.unread_count,
        labels: labelled ? labelsAfter(labels, labelled) : labels,
      };
      return [
        ...ground,
        ...(isNews ? [{ query }] : []),
        ...steps,
        this.nextEvent(session),
        this.log.append(session, 'chat.updated', told, Date.now()),
      ];
    });
    if (applied) this.log.wakeup.hint('events');
  }

  /** The chat and what was said in it; a new message makes it anew. */
  private async delete(session: EventSource, { jid, altJid }: ChatAddress): Promise<void> {
    const { kysely } = this.database;
    const { id, exists } = await this.chats.addresses.resolve(session, { jid, altJid });
    if (!exists) return;
    // First, so that a death in between leaves a chat that is deleted when this is told again.
    await deleteMessagesOfChat(this.database, session.id, id);
    const { applied } = await this.chats.addresses.write(session, { jid, altJid }, (chat) => {
      const cleared = {
        ...NOTHING_SET,
        unread_count: 0,
        last_message_id: null,
        last_message_at: null,
      };
      const emptied = kysely
        .updateTable('chats')
        .set(cleared)
        .where('session_id', '=', session.id)
        .where('id', '=', chat.id)
        .where('last_message_at', 'is not', null);
      return [
        this.chats.stillLeads(session.id, chat),
        { query: emptied, whenUnchanged: 'stop' as const },
        ...this.dropLabels(session.id, chat.id),
        ...this.forgetTeam(session.id, chat.id),
        this.nextEvent(session),
        this.log.append(session, 'chat.deleted', { chatId: chat.id }, Date.now()),
      ];
    });
    if (applied) this.log.wakeup.hint('events');
  }

  private async setLabel(
    session: EventSource,
    { id, name, color, deleted }: EngineEventOf<'label'>,
  ): Promise<void> {
    const { kysely } = this.database;
    const place = { session_id: session.id, id };
    const steps: WriteStep[] = deleted
      ? [
          {
            query: kysely
              .deleteFrom('labels')
              .where('session_id', '=', session.id)
              .where('id', '=', id),
            whenUnchanged: 'stop',
          },
          {
            query: kysely
              .deleteFrom('chat_labels')
              .where('session_id', '=', session.id)
              .where('label_id', '=', id),
          },
        ]
      : [
          {
            query: kysely
              .insertInto('labels')
              .values({ ...place, name, color })
              .onConflict((c) =>
                c
                  .columns(['session_id', 'id'])
                  .doUpdateSet({ name, color })
                  .where((or) =>
                    or.or([or('labels.name', '!=', name), or('labels.color', '!=', color)]),
                  ),
              ),
            whenUnchanged: 'stop',
          },
        ];
    const { applied } = await this.database.write([
      ...steps,
      this.nextEvent(session),
      this.log.append(
        session,
        'label.updated',
        { label: { id, name, color }, deleted },
        Date.now(),
      ),
    ]);
    if (applied) this.log.wakeup.hint('events');
  }

  private async setOnChat(
    session: EventSource,
    { labelId, chatJid, chatAltJid, on }: EngineEventOf<'chat-label'>,
  ): Promise<void> {
    const address = { jid: chatJid, altJid: chatAltJid };
    await this.update(session, address, () => ({}), { labelId, on });
  }

  private labelSteps(
    sessionId: string,
    chatId: string,
    { labelId, on }: { labelId: string; on: boolean },
    labels: string[],
  ): WriteStep[] {
    if (labels.includes(labelId) === on) return [];
    const { kysely } = this.database;
    const row = { session_id: sessionId, chat_id: chatId, label_id: labelId };
    const put = kysely
      .insertInto('chat_labels')
      .values(row)
      .onConflict((c) => c.doNothing());
    const [drop] = this.dropLabels(sessionId, chatId, labelId);
    return on ? [{ query: put }] : drop ? [drop] : [];
  }

  private dropLabels(sessionId: string, chatId: string, labelId?: string): WriteStep[] {
    let query = this.database.kysely
      .deleteFrom('chat_labels')
      .where('session_id', '=', sessionId)
      .where('chat_id', '=', chatId);
    if (labelId !== undefined) query = query.where('label_id', '=', labelId);
    return [{ query }];
  }

  private followMerge(sessionId: string, from: string, into: string): WriteStep[] {
    const { kysely } = this.database;
    const copied = kysely
      .insertInto('chat_labels')
      .columns(['session_id', 'chat_id', 'label_id'])
      .expression((build) =>
        build
          .selectFrom('chat_labels as l')
          .select((e) => ['l.session_id', e.val(into).as('chat_id'), 'l.label_id'])
          .where('l.session_id', '=', sessionId)
          .where('l.chat_id', '=', from),
      )
      .onConflict((c) => c.doNothing());
    return [{ query: copied }, ...this.dropLabels(sessionId, from)];
  }

  private async row(sessionId: string, chatId: string): Promise<SettingsRow | undefined> {
    return await this.database.kysely
      .selectFrom('chats')
      .select(['archived', 'marked_unread', 'pinned_at', 'muted_until', 'unread_count'])
      .where('session_id', '=', sessionId)
      .where('id', '=', chatId)
      .executeTakeFirst();
  }

  private async labels(sessionId: string, chatId: string): Promise<string[]> {
    const rows = await this.database.kysely
      .selectFrom('chat_labels')
      .select('label_id')
      .where('session_id', '=', sessionId)
      .where('chat_id', '=', chatId)
      .orderBy('label_id')
      .execute();
    return rows.map((row) => row.label_id);
  }
}

const NOTHING_SET: SettingsRow = {
  archived: 0,
  marked_unread: 0,
  pinned_at: null,
  muted_until: null,
  unread_count: 0,
};

function labelsAfter(
  labels: string[],
  { labelId, on }: { labelId: string; on: boolean },
): string[] {
  const others = labels.filter((label) => label !== labelId);
  return (on ? [...others, labelId] : others).sort();
}
