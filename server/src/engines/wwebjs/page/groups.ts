import type { GroupAbilities } from '../../engine-abilities.js';
import { EngineError } from '../../engine-error.js';
import type { EngineGroup } from '../../engine-events.js';
import { groupFromPage } from './from-page/group.js';
import type { Heard } from './heard.js';
import { groupNow } from './in-page-reading.js';
import { type BrowserPage, type GroupChat, type Library, MessageMedia } from './library.js';
import { jidOf, pageId } from './wids.js';

type Doing = Partial<GroupAbilities>;

/** Groups by the library. What it has no way to is `unsupported`. */
export class Groups {
  /** WhatsApp Web goes on showing what we left as it was. */
  private readonly left = new Set<string>();

  constructor(
    private readonly library: Library,
    private readonly page: BrowserPage,
    private readonly heard: Heard,
  ) {}

  /** @throws {EngineError} unsupported, not-allowed, not-found */
  async act(name: keyof GroupAbilities, args: unknown[]): Promise<unknown> {
    const work = this.doing[name] as ((...args: unknown[]) => Promise<unknown>) | undefined;
    if (work) return await work(...args);
    throw new EngineError('unsupported', 'A session in a browser cannot do this to groups', true);
  }

  private readonly doing: Doing = {
    fetch: (jid) => this.fetch(jid),
    create: async (subject, participants) => {
      const made = await this.library.createGroup(subject, participants.map(pageId));
      if (typeof made === 'string') throw new EngineError('refused', made);
      return await this.fetch(jidOf(made.gid));
    },
    setSubject: async (jid, subject) => allowed(await (await this.chat(jid)).setSubject(subject)),
    setDescription: async (jid, text) => allowed(await (await this.chat(jid)).setDescription(text)),
    setAnnounce: async (jid, on) => allowed(await (await this.chat(jid)).setMessagesAdminsOnly(on)),
    setLocked: async (jid, on) => allowed(await (await this.chat(jid)).setInfoAdminsOnly(on)),
    setPicture: async (jid, jpeg) => {
      const chat = await this.chat(jid);
      if (!jpeg) return allowed(await chat.deletePicture());
      const media = new MessageMedia('image/jpeg', Buffer.from(jpeg).toString('base64'));
      allowed(await chat.setPicture(media));
    },
    changeParticipants: async (jid, action, people) => {
      const chat = await this.chat(jid);
      const ids = people.map(pageId);
      if (action === 'add') {
        const added = await chat.addParticipants(ids);
        if (typeof added === 'string') throw new EngineError('not-allowed', added);
        // Its types say otherwise (structures/GroupChat.js, addParticipants).
        const codes = added as unknown as Record<string, { code?: number } | undefined>;
        return people.map((person) => ({ jid: person, code: codes[pageId(person)]?.code ?? 500 }));
      }
      if (action === 'remove') await chat.removeParticipants(ids);
      else if (action === 'promote') await chat.promoteParticipants(ids);
      else await chat.demoteParticipants(ids);
      return people.map((person) => ({ jid: person, code: 200 }));
    },
    inviteCode: async (jid) => {
      const code = await (await this.chat(jid)).getInviteCode();
      if (!code) throw notAllowed();
      return code;
    },
    revokeInvite: async (jid) => String(await (await this.chat(jid)).revokeInvite()),
    join: async (code) => {
      const jid = jidOf(await this.library.acceptInvite(code));
      this.left.delete(jid);
      return { jid, pending: false };
    },
    leave: async (jid) => {
      await (await this.chat(jid)).leave();
      this.left.add(jid);
    },
  };

  private async fetch(jid: string): Promise<EngineGroup> {
    const found = await this.page.evaluate(groupNow, jid);
    if (!found) throw new EngineError('not-found', 'There is no such group', true);
    const group = await groupFromPage(found, this.heard.names);
    const { me } = this.heard;
    const isMember = group.participants.some((member) =>
      [member.jid, member.altJid].some(
        (name) => name !== undefined && (name === me.jid || name === me.lid),
      ),
    );
    if (!isMember || this.left.has(jid))
      throw new EngineError('not-allowed', 'The account is not in the group', true);
    return group;
  }

  private async chat(jid: string): Promise<GroupChat> {
    const chat = await this.library.getChatById(jid);
    if (!chat?.isGroup) throw new EngineError('not-found', 'There is no such group', true);
    return chat as GroupChat;
  }
}

function allowed(done: boolean): void {
  if (!done) throw notAllowed();
}

function notAllowed(): EngineError {
  return new EngineError('not-allowed', 'WhatsApp allows this to admins of the group only', true);
}
