import type { PageModel, PageWindow } from './page-window.js';

// What runs in the page: each function is sent there as text, so it uses nothing from around it.
declare const window: PageWindow;

export interface Named {
  id: string;
  chatId: string;
}

/**
 * The key of a new message, in the way of the library (util/Injected/Utils.js, sendMessage), with our
 * id in it; `missing`: nobody has the number.
 */
export async function keyFor({ id, chatId }: Named): Promise<{ key: string } | { missing: true }> {
  const wid = window.require('WAWebWidFactory').createWid(chatId);
  const known = window.require('WAWebCollections').Chat.get(wid);
  const isPhone = chatId.endsWith('@c.us');
  if (
    !known &&
    isPhone &&
    !(await window.require('WAWebQueryExistsJob').queryWidExists(wid))?.wid
  ) {
    return { missing: true };
  }
  const chat = await window.WWebJS.getChat(chatId, { getAsModel: false });
  if (!chat) return { missing: true };
  const me = window.require('WAWebUserPrefsMeUser');
  const isGroup = chat.id.isGroup?.() === true;
  const byLid = isGroup ? chat.groupMetadata?.isLidAddressingMode : chat.id.isLid();
  const from = byLid ? me.getMaybeMeLidUser() : me.getMaybeMePnUser();
  const { asUserWidOrThrow } = window.require('WAWebWidFactory');
  const MsgKey = window.require('WAWebMsgKey');
  const participant = isGroup ? asUserWidOrThrow(from) : undefined;
  const key = new MsgKey({ from, to: chat.id, id, participant, selfDir: 'out' });
  return { key: key._serialized };
}

/**
 * Sends under a key of ours: the library's `extra` options are the last that it puts into the message,
 * so the key there takes the place of its own. What the page has under that key is not sent again.
 * @returns `known`: the page had it, with this ack
 */
export async function sendUnderKey(
  { key, chatId }: { key: string; chatId: string },
  content: string,
  { extraOptions, ...options }: SendOptions,
  again: boolean,
): Promise<{ known: boolean; ack?: number | undefined }> {
  if (again) {
    const { Msg } = window.require('WAWebCollections');
    const found = Msg.get(key) ?? (await Msg.getMessagesById([key]))?.messages?.[0];
    if (found && found.ack !== -1) return { known: true, ack: found.ack };
  }
  const chat = await window.WWebJS.getChat(chatId, { getAsModel: false });
  if (!chat) throw new Error('the chat is gone');
  const id = window.require('WAWebMsgKey').fromString(key);
  await window.WWebJS.sendMessage(chat, content, {
    ...options,
    extraOptions: { ...extraOptions, id },
  });
  return { known: false };
}

/** Of the library's function in the page; `extraOptions` go into the message as they are. */
export interface SendOptions {
  extraOptions?: Record<string, unknown>;
  [option: string]: unknown;
}

export type Deed =
  | { kind: 'react'; emoji: string }
  | { kind: 'edit'; text: string; mentions: string[] }
  | { kind: 'revoke' }
  | { kind: 'pin'; pinned: boolean; seconds: number };

/** Does something to a message that the page has. @param key where it is known @returns what hindered it */
export async function actOn(
  { id, chatId, key }: { id: string; chatId: string; key?: string },
  deed: Deed,
): Promise<'done' | 'unknown' | 'not-allowed'> {
  const { Msg } = window.require('WAWebCollections');
  const chat = await window.WWebJS.getChat(chatId, { getAsModel: false });
  if (!chat) return 'unknown';
  const byId = chat.msgs.getModelsArray().find((message) => message.id.id === id);
  const named = key ?? `true_${chat.id._serialized}_${id}`;
  const target: PageModel | undefined =
    byId ?? Msg.get(named) ?? (await Msg.getMessagesById([named]))?.messages?.[0];
  if (!target) return 'unknown';
  const may = window.require('WAWebMsgActionCapability');
  switch (deed.kind) {
    case 'react':
      await window.require('WAWebSendReactionMsgAction').sendReactionToMsg(target, deed.emoji);
      return 'done';
    case 'edit':
      if (!may.canEditText(target) && !may.canEditCaption(target)) return 'not-allowed';
      await window.WWebJS.editMessage(target, deed.text, { mentionedJidList: deed.mentions });
      return 'done';
    case 'revoke': {
      if (target.type === 'revoked') return 'done';
      if (!may.canSenderRevokeMsg(target) && !may.canAdminRevokeMsg(target)) return 'not-allowed';
      const { Cmd } = window.require('WAWebCmd');
      await Cmd.sendRevokeMsgs(chat, { list: [target], type: 'message' }, { clearMedia: true });
      return 'done';
    }
    case 'pin':
      await window.WWebJS.pinUnpinMsgAction(
        target.id._serialized,
        deed.pinned ? 1 : 2,
        deed.seconds,
      );
      return 'done';
  }
}
