import type { ChangeSessionSettings, SessionSettings } from '@patchbay/contract';
import { ChangeSessionSettings as Change } from '@patchbay/contract';
import type { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';
import type { EngineSettings } from '../engines/engine.js';
import type { Wakeup } from '../event-log/wakeup.js';
import type { SecretBox } from '../secrets/secret-box.js';
import { opened, sealed, withKnownPassword } from './proxy-secret.js';

/** What a session does where its owner chose nothing. */
export const UNSET: Omit<SessionSettings, 'pacing'> = {
  connection: { proxyUrl: null, deviceName: null, historyDepth: 'recent', markOnline: false },
  incoming: {
    autoRead: false,
    rejectCalls: false,
    ignoreStatus: false,
    ignoreGroups: false,
    ignoreChannels: false,
  },
};

/**
 * The settings of sessions. Stored is what was set; what was not is as the server's configuration
 * says, also when that changes later. Who acts on a setting listens to the hint `settings:<id>` and
 * reads again.
 */
export class SessionSettingsStore {
  private changes = 0;
  private readonly known = new Map<string, ChangeSessionSettings>();

  constructor(
    private readonly database: Database,
    private readonly wakeup: Wakeup,
    private readonly defaults: SessionSettings,
    private readonly box: SecretBox,
  ) {
    wakeup.onElsewhere('settings', (sessionId) => {
      this.changes += 1;
      if (sessionId === undefined) this.known.clear();
      else this.known.delete(sessionId);
    });
  }

  /** The settings in force. */
  async read(sessionId: string): Promise<SessionSettings> {
    let set = this.known.get(sessionId);
    if (!set) {
      const { changes } = this;
      set = this.parsed(sessionId, await this.row(sessionId));
      if (changes === this.changes) this.known.set(sessionId, set);
    }
    return this.inForce(set);
  }

  /** Changes what is named, section by section, and leaves the rest; answers the settings in force. */
  async change(
    sessionId: string,
    change: ChangeSessionSettings,
    also: readonly WriteStep[] = [],
  ): Promise<SessionSettings> {
    for (;;) {
      const before = await this.row(sessionId);
      const now = this.parsed(sessionId, before);
      const next = merged(now, withKnownPassword(change, this.inForce(now)));
      const settings = JSON.stringify(sealed(next, this.box, sessionId));
      const query = this.database.kysely
        .insertInto('session_settings')
        .values({ session_id: sessionId, settings })
        .onConflict((c) =>
          c
            .column('session_id')
            .doUpdateSet({ settings })
            .where('session_settings.settings', '=', before ?? ''),
        );
      const { applied } = await this.database.write([{ query, whenUnchanged: 'stop' }, ...also]);
      // Somebody else changed them in between: once more, on what is there now.
      if (!applied) continue;
      this.changes += 1;
      this.known.delete(sessionId);
      this.wakeup.hint(`settings:${sessionId}`);
      return this.inForce(next);
    }
  }

  /** Step that forgets a deleted session's settings. */
  forget(sessionId: string): WriteStep {
    this.known.delete(sessionId);
    const query = this.database.kysely
      .deleteFrom('session_settings')
      .where('session_id', '=', sessionId);
    return { query };
  }

  private async row(sessionId: string): Promise<string | undefined> {
    const row = await this.database.kysely
      .selectFrom('session_settings')
      .select('settings')
      .where('session_id', '=', sessionId)
      .executeTakeFirst();
    return row?.settings;
  }

  private parsed(sessionId: string, settings: string | undefined): ChangeSessionSettings {
    if (settings === undefined) return {};
    return Change.parse(opened(JSON.parse(settings), this.box, sessionId));
  }

  private inForce(set: ChangeSessionSettings): SessionSettings {
    return merged(this.defaults, set) as SessionSettings;
  }
}

type Sections = Record<string, object | undefined>;

/** Two levels: sections, and the fields in them. */
function merged(base: Sections, change: Sections): Sections {
  const result: Sections = { ...base };
  for (const [section, fields] of Object.entries(change)) {
    if (fields) result[section] = { ...base[section], ...fields };
  }
  return result;
}

/** What an engine needs to know of a session's settings. */
export function engineSettings({ connection, incoming }: SessionSettings): EngineSettings {
  const { proxyUrl, markOnline, historyDepth } = connection;
  const { ignoreStatus, ignoreGroups, ignoreChannels } = incoming;
  return {
    ...(proxyUrl && { proxyUrl }),
    ...{ markOnline, historyDepth, ignoreStatus, ignoreGroups, ignoreChannels },
  };
}
