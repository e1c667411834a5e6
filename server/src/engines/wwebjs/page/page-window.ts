/** The parts of WhatsApp Web that we touch ourselves, as functions that run in the page see them. */
export interface PageWindow {
  require<Name extends keyof PageModules>(name: Name): PageModules[Name];
  /** Ours: hears of chats whose settings are others. */
  patchbaySettings(set: object): void;
  patchbayListens?: boolean;
  /** The library's functions; there once it is ready. */
  WWebJS: {
    getChat(id: string, options: { getAsModel: false }): Promise<PageChat | undefined>;
    getChatModel(chat: PageChat): Promise<PageChatData>;
    getMessageModel(message: PageModel): PageMessageData;
    sendMessage(chat: PageChat, content: string, options: object): Promise<unknown>;
    editMessage(message: PageModel, text: string, options: object): Promise<unknown>;
    sendSeen(chatId: string): Promise<boolean>;
    sendDeleteChat(chatId: string): Promise<boolean>;
    sendChatstate(state: 'typing' | 'recording' | 'stop', chatId: string): Promise<unknown>;
    pinUnpinMsgAction(key: string, action: 1 | 2, seconds: number): Promise<unknown>;
  };
}

export interface PageWid {
  _serialized: string;
  isLid(): boolean;
  isGroup?(): boolean;
}

export interface PageKey {
  _serialized: string;
}

export interface PageModel {
  id: PageKey & { id: string; fromMe: boolean; remote: PageWid };
  ack?: number;
  t?: number;
  type?: string;
  hasReaction?: boolean;
  latestEditSenderTimestampMs?: number;
}

/** Somebody's reaction to a message. */
export interface PageReaction {
  msgKey: { id: string; fromMe?: boolean };
  parentMsgKey: { id: string; remote: WidData; _serialized: string };
  senderUserJid: string;
  reactionText: string;
  /** Milliseconds. */
  timestamp: number;
}

export interface PageChat {
  id: PageWid;
  name?: string;
  formattedTitle?: string;
  unreadCount?: number;
  archive?: boolean;
  pin?: number;
  mute?: { expiration?: number };
  /** When something was said there last (seconds). */
  t?: number;
  groupMetadata?: PageGroup;
  msgs: { getModelsArray(): PageModel[] };
}

interface PageGroup {
  isLidAddressingMode?: boolean;
}

/** A chat as plain data (`getChatModel`). */
export interface PageChatData {
  id: WidData;
  formattedTitle?: string;
  groupMetadata?: GroupData;
}

export type WidData = string | { _serialized: string };

export interface GroupData {
  subject?: string;
  desc?: string;
  owner?: WidData;
  creation?: number;
  announce?: boolean;
  restrict?: boolean;
  membershipApprovalMode?: boolean;
  ephemeralDuration?: number;
  isLidAddressingMode?: boolean;
  participants?: { id: WidData; isAdmin?: boolean; isSuperAdmin?: boolean }[];
}

/** A message as plain data (`getMessageModel`). */
export interface PageMessageData {
  id: { fromMe: boolean; remote: WidData; id: string; _serialized: string; participant?: WidData };
  type: string;
  subtype?: string;
  body?: string;
  caption?: string;
  t: number;
  from: WidData;
  to: WidData;
  author?: WidData;
  ack?: number;
  notifyName?: string;
  mimetype?: string;
  filename?: string;
  size?: number;
  filehash?: string;
  width?: number;
  height?: number;
  duration?: number | string;
  isGif?: boolean;
  isViewOnce?: boolean;
  isForwarded?: boolean;
  forwardingScore?: number;
  quotedMsg?: object;
  quotedStanzaID?: string;
  mentionedJidList?: WidData[];
  ephemeralDuration?: number;
  lat?: number;
  lng?: number;
  loc?: string;
  clientUrl?: string;
  vcardList?: { displayName?: string; vcard: string }[];
  vcardFormattedName?: string;
  pollName?: string;
  pollOptions?: { name: string }[];
  pollSelectableOptionsCount?: number;
  inviteCode?: string;
  inviteCodeExp?: number;
  inviteGrp?: WidData;
  inviteGrpName?: string;
  recipients?: WidData[];
  protocolMessageKey?: { id: string };
  latestEditMsgKey?: { id: string };
  latestEditSenderTimestampMs?: number;
}

export interface PageModules {
  WAWebCollections: {
    Msg: {
      get(key: string): PageModel | undefined;
      getMessagesById(keys: string[]): Promise<{ messages?: PageModel[] } | undefined>;
    };
    Chat: {
      get(id: PageWid): PageChat | undefined;
      getModelsArray(): PageChat[];
      on(names: string, heard: (chat: PageChat) => void): void;
    };
    Contact: { getModelsArray(): { id: PageWid; name?: string; pushname?: string }[] };
    Reactions: {
      find(
        key: string,
      ): Promise<{ reactions?: { serialize(): { senders: PageReaction[] }[] } } | undefined>;
    };
  };
  WAWebChatLoadMessages: {
    /** From the page's database into its memory; nothing when there is no more. */
    loadEarlierMsgs(of: { chat: PageChat }): Promise<PageModel[] | undefined>;
  };
  WAWebWidFactory: {
    createWid(id: string): PageWid;
    asUserWidOrThrow(wid: PageWid | undefined): PageWid;
  };
  WAWebQueryExistsJob: { queryWidExists(wid: PageWid): Promise<{ wid: PageWid } | null> };
  WAWebUserPrefsMeUser: {
    getMaybeMePnUser(): PageWid | undefined;
    getMaybeMeLidUser(): PageWid | undefined;
  };
  WAWebMsgKey: {
    new (parts: {
      from: PageWid | undefined;
      to: PageWid;
      id: string;
      participant: PageWid | undefined;
      selfDir: 'out';
    }): PageKey;
    fromString(key: string): PageKey;
  };
  WAWebSendReactionMsgAction: {
    sendReactionToMsg(message: PageModel, emoji: string): Promise<unknown>;
  };
  WAWebMsgActionCapability: {
    canSenderRevokeMsg(message: PageModel): boolean;
    canAdminRevokeMsg(message: PageModel): boolean;
    canEditText(message: PageModel): boolean;
    canEditCaption(message: PageModel): boolean;
  };
  WAWebCmd: {
    Cmd: {
      sendRevokeMsgs(
        chat: PageChat,
        messages: { list: PageModel[]; type: 'message' },
        options: { clearMedia: boolean },
      ): Promise<unknown>;
    };
  };
  WAWebConnModel: { Conn: { pushname?: string; platform?: string } };
  WAWebApiContact: {
    getPhoneNumber(lid: PageWid): PageWid | undefined;
    getCurrentLid(wid: PageWid): PageWid | undefined;
  };
}
