import type { Message, MessageContent } from '@patchbay/contract';

/** Where the file of a message is on this server, and what is known of it. */
export function mediaView(
  sessionId: string,
  messageId: string,
  content: MessageContent,
): Pick<Message, 'mediaUrl' | 'thumbnailUrl' | 'media'> {
  switch (content.type) {
    case 'image':
    case 'video':
    case 'audio':
    case 'document':
    case 'sticker': {
      const { size, width, height, seconds, waveform, voice, gif, thumbnail } = content;
      const path = `/api/sessions/${encodeURIComponent(sessionId)}/messages/${encodeURIComponent(messageId)}`;
      return {
        mediaUrl: `${path}/media`,
        ...(thumbnail && { thumbnailUrl: `${path}/thumbnail` }),
        media: { size, width, height, seconds, waveform, voice, gif },
      };
    }
    default:
      return {};
  }
}
