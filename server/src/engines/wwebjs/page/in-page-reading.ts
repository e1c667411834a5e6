import type { GroupData, PageWid, PageWindow, WidData } from './page-window.js';

// What runs in the page: each function is sent there as text, so it uses nothing from around it.
declare const window: PageWindow;

/** Who is logged in. */
export function ownIdentity() {
  const me = window.require('WAWebUserPrefsMeUser');
  const { pushname, platform } = window.require('WAWebConnModel').Conn;
  return {
    jid: me.getMaybeMePnUser()?._serialized,
    lid: me.getMaybeMeLidUser()?._serialized,
    name: pushname,
    platform,
  };
}

/** The other names of persons, phone number for LID and the other way round, where they are known. */
export function otherNames(ids: string[]): (string | undefined)[] {
  const { createWid } = window.require('WAWebWidFactory');
  const { getPhoneNumber, getCurrentLid } = window.require('WAWebApiContact');
  return ids.map((id) => {
    try {
      const wid = createWid(id);
      const other: PageWid | undefined = wid.isLid() ? getPhoneNumber(wid) : getCurrentLid(wid);
      return other?._serialized;
    } catch {
      return undefined;
    }
  });
}

/** A group with its members as WhatsApp has it now; undefined for what is no group of ours. */
export async function groupNow(id: string): Promise<GroupInPage | undefined> {
  const chat = await window.WWebJS.getChat(id, { getAsModel: false });
  if (!chat?.groupMetadata) return undefined;
  const { groupMetadata, formattedTitle } = await window.WWebJS.getChatModel(chat);
  return groupMetadata && { ...groupMetadata, id, title: formattedTitle };
}

export interface GroupInPage extends GroupData {
  id: string;
  title?: string | undefined;
}

/** All groups in memory. */
export async function groupsNow(): Promise<GroupInPage[]> {
  const found: GroupInPage[] = [];
  for (const chat of window.require('WAWebCollections').Chat.getModelsArray()) {
    if (!chat.groupMetadata) continue;
    const { groupMetadata, formattedTitle } = await window.WWebJS.getChatModel(chat);
    if (groupMetadata)
      found.push({ ...groupMetadata, id: chat.id._serialized, title: formattedTitle });
  }
  return found;
}

export type { WidData };
