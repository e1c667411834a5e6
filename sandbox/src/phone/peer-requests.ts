import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { proto } from 'baileys/WAProto/index.js';
import { ensureSessions, targetDevice } from './device-lookup.js';
import { isGroupJid } from './directory.js';
import { actionsByTarget, historyMessage } from './history-message.js';
import { isAction } from './kinds/shown.js';
import { olderInvented, sendHistoryFile } from './old-history.js';
import type { PhoneContext } from './phone-context.js';

type Request = proto.Message.PeerDataOperationRequestMessage.IHistorySyncOnDemandRequest;

const compress = promisify(deflate);
/** More than this a phone does not give at a time. */
const AT_ONCE = 50;
const { ON_DEMAND } = proto.HistorySync.HistorySyncType;
const { EndOfHistoryTransferType } = proto.Conversation;

/**
 * Answers what one of the own companions asks of its phone: older messages of a chat, as a portion of
 * history that names the request.
 * @param requestId the id of the message that asked
 */
export async function answerPeerRequest(
  context: PhoneContext,
  device: number,
  requestId: string,
  content: proto.IMessage,
): Promise<void> {
  const asked = content.protocolMessage?.peerDataOperationRequestMessage;
  const request = asked?.historySyncOnDemandRequest;
  if (!request) return;
  const [target] = await ensureSessions(context, [targetDevice(context.account(), device)]);
  if (!target) return;
  const messages = olderMessages(context, request);
  const file = proto.HistorySync.encode({
    syncType: ON_DEMAND,
    conversations: [
      {
        id: request.chatJid ?? '',
        messages: messages.map((message) => ({ message })),
        endOfHistoryTransferType:
          messages.length > 0
            ? EndOfHistoryTransferType.COMPLETE_ON_DEMAND_SYNC_BUT_MORE_MSG_REMAIN_ON_PRIMARY
            : EndOfHistoryTransferType.COMPLETE_AND_NO_MORE_MESSAGE_REMAIN_ON_PRIMARY,
      },
    ],
  }).finish();
  const about = { syncType: ON_DEMAND, peerDataRequestSessionId: requestId };
  await sendHistoryFile(context, target, await compress(file), about);
}

/** Newest first. */
function olderMessages(context: PhoneContext, request: Request): proto.IWebMessageInfo[] {
  const { chatJid, oldestMsgId, onDemandMsgCount } = request;
  const count = Math.min(onDemandMsgCount ?? 0, AT_ONCE);
  const jid = chatJid ?? '';
  const invented = olderInvented(context, jid, oldestMsgId ?? '', count);
  if (invented) return invented;
  const other = isGroupJid(jid) ? undefined : context.directory.byJid(jid);
  const all = context.log.all();
  const actions = actionsByTarget(all);
  const chat = other?.phone ?? jid;
  const shown = all.filter(
    (each) => each.chat === chat && !isAction(each.kind) && each.status !== 'failed',
  );
  const known = shown.findIndex(({ id }) => id === oldestMsgId);
  return shown
    .slice(Math.max(0, known - count), Math.max(0, known))
    .toReversed()
    .map((each) => historyMessage(context, each, other, actions.get(each.id) ?? []));
}
