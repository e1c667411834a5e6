import { randomUUID } from 'node:crypto';
import type { ChangeTeamLabel, NewTeamLabel, TeamLabel } from '@patchbay/contract';
import type { Database } from '../../db/database.js';
import type { WriteStep } from '../../db/write-unit.js';
import type { PassingEvents } from '../../event-log/passing-events.js';
import { ApiError } from '../../http/api-error.js';

const MOST = 200;

/** The team's own labels, the same over all accounts. */
export class TeamLabels {
  constructor(
    private readonly database: Database,
    private readonly passing: PassingEvents,
  ) {}

  /** By name. */
  async list(): Promise<TeamLabel[]> {
    return await this.database.kysely
      .selectFrom('team_labels')
      .selectAll()
      .orderBy('name')
      .limit(MOST)
      .execute();
  }

  /** @throws ApiError `name_taken`, `too_many` */
  async create(fields: NewTeamLabel): Promise<TeamLabel> {
    const labels = await this.list();
    if (labels.length >= MOST) throw new ApiError('too_many', `There are ${MOST} labels already`);
    const label = { id: randomUUID(), ...fields };
    const query = this.database.kysely
      .insertInto('team_labels')
      .values(label)
      .onConflict((c) => c.doNothing());
    const { applied } = await this.database.write([{ query, whenUnchanged: 'stop' }]);
    if (!applied) throw taken(fields.name);
    this.tell();
    return label;
  }

  /** @throws ApiError `team_label_not_found`, `name_taken` */
  async change(id: string, change: ChangeTeamLabel): Promise<TeamLabel> {
    const labels = await this.list();
    const label = labels.find((one) => one.id === id);
    if (!label) throw notFound(id);
    const next = { ...label, ...change };
    if (labels.some((one) => one.id !== id && one.name === next.name)) throw taken(next.name);
    const { name, color } = next;
    const query = this.database.kysely
      .updateTable('team_labels')
      .set({ name, color })
      .where('id', '=', id)
      // Taken by another request since it was looked at.
      .where((e) =>
        e.not(
          e.exists(
            e
              .selectFrom('team_labels as other')
              .select('other.id')
              .where('other.name', '=', name)
              .where('other.id', '!=', id),
          ),
        ),
      );
    const { applied } = await this.database.write([{ query, whenUnchanged: 'stop' }]);
    if (!applied) throw taken(name);
    this.tell();
    return next;
  }

  /**
   * Deletes a label and takes it off all chats.
   * @param note the step that notes it in the audit log
   * @throws ApiError `team_label_not_found`
   */
  async delete(id: string, note: WriteStep): Promise<void> {
    const { kysely } = this.database;
    const { applied } = await this.database.write([
      { query: kysely.deleteFrom('team_labels').where('id', '=', id), whenUnchanged: 'stop' },
      { query: kysely.deleteFrom('chat_team_labels').where('label_id', '=', id) },
      note,
    ]);
    if (!applied) throw notFound(id);
    this.tell();
  }

  private tell(): void {
    this.passing.tell(null, 'team.updated', { what: 'labels' });
  }
}

const taken = (name: string) => new ApiError('name_taken', `There is a label "${name}" already`);
const notFound = (id: string) =>
  new ApiError('team_label_not_found', `The team has no label ${id}`);
