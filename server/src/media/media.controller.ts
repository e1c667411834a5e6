import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { ErrorCode } from '@patchbay/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Needs } from '../auth/needs.js';
import type { SessionScope } from '../auth/principal.js';
import { InSession } from '../auth/principal.js';
import { MessageStore } from '../chats/message-store.js';
import { Answers } from '../http/answers.js';
import { ApiError } from '../http/api-error.js';
import { MediaInbox } from './media-inbox.js';
import { MediaLibrary } from './media-library.js';
import type { MediaFailure } from './media-records.js';
import { rangeOf, safeHeaders } from './serving.js';

/** A request waits so long for a file that is not here yet (ms). */
const WAIT = 25_000;

const REFUSAL: Record<MediaFailure, [ErrorCode, string]> = {
  gone: ['media_gone', 'Neither WhatsApp nor the phone has the file any more'],
  damaged: ['media_damaged', 'What WhatsApp gave is not the file that was sent'],
  too_large: ['media_damaged', 'The file is larger than WhatsApp allows'],
  unsupported: ['media_not_found', 'The message does not say where its file is'],
  unreachable: ['media_unavailable', 'WhatsApp could not be reached for the file; try again later'],
};

const MessageId = z.string().min(1).max(128);

const MediaQuery = z.object({
  /** 1: to be saved under its name, whatever it is. */
  download: z.enum(['0', '1']).default('0'),
});
type MediaQuery = z.infer<typeof MediaQuery>;

@ApiTags('Media')
@Controller('api/sessions/:id/messages/:messageId')
export class MediaController {
  constructor(
    private readonly messages: MessageStore,
    private readonly inbox: MediaInbox,
    private readonly library: MediaLibrary,
  ) {}

  @Get('media')
  @Needs('read')
  @ApiOperation({
    summary: 'The file of a message, whole or a range; fetched from WhatsApp if it is not here yet',
  })
  @ApiProduces('application/octet-stream')
  @Answers(
    200,
    z.string().meta({ format: 'binary' }),
    'session_not_found',
    'message_not_found',
    'media_not_found',
    'media_gone',
    'range_not_satisfiable',
    'media_damaged',
    'media_unavailable',
  )
  async file(
    @InSession() { id }: SessionScope,
    @Param('messageId', { schema: MessageId }) messageId: string,
    @Query({ schema: MediaQuery }) { download }: MediaQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { hash, size, content } = await this.find(id, messageId);
    const mimetype = 'mimetype' in content ? content.mimetype : undefined;
    const filename = 'filename' in content ? content.filename : undefined;
    const etag = `"${hash}"`;
    if (request.headers['if-none-match'] === etag) {
      await reply.status(304).header('etag', etag).send();
      return;
    }
    const ifRange = request.headers['if-range'];
    const asked = ifRange && ifRange !== etag ? undefined : request.headers.range;
    const range = rangeOf(asked, size);
    if (range === 'none') {
      reply.header('content-range', `bytes */${size}`);
      throw new ApiError('range_not_satisfiable', `The file has ${size} bytes`);
    }
    const part = range === 'all' ? undefined : range;
    const stream = await this.library.read(hash, part);
    if (!stream) throw new ApiError('media_unavailable');
    if (part) {
      reply.status(206).header('content-range', `bytes ${part.start}-${part.end}/${size}`);
    }
    reply.headers({ ...safeHeaders(mimetype, filename, download === '1'), etag });
    reply.header('content-length', part ? part.end - part.start + 1 : size);
    await reply.send(stream);
  }

  @Get('thumbnail')
  @Needs('read')
  @ApiOperation({ summary: 'The small picture that came with a message' })
  @ApiProduces('image/jpeg')
  @Answers(
    200,
    z.string().meta({ format: 'binary' }),
    'session_not_found',
    'message_not_found',
    'media_not_found',
  )
  async thumbnail(
    @InSession() { id }: SessionScope,
    @Param('messageId', { schema: MessageId }) messageId: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.content(id, messageId);
    const record = await this.library.records.find(id, messageId);
    if (!record?.thumbnail) throw new ApiError('media_not_found', 'The message has no thumbnail');
    await reply
      .headers(safeHeaders('image/jpeg', undefined, false))
      .send(Buffer.from(record.thumbnail));
  }

  private async find(id: string, messageId: string) {
    const content = await this.content(id, messageId);
    const record = await this.obtain(id, messageId);
    if (!record) throw new ApiError('media_not_found');
    if (record.state === 'failed') {
      throw new ApiError(...REFUSAL[(record.reason ?? 'unreachable') as MediaFailure]);
    }
    const size = record.hash ? await this.library.size(record.hash) : undefined;
    if (record.hash === null || size === undefined) {
      throw new ApiError('media_unavailable', 'The file is still being fetched; try again');
    }
    return { hash: record.hash, size, content };
  }

  /** A file that vanished from the store is fetched anew. */
  private async obtain(id: string, messageId: string) {
    const record = await this.inbox.obtain(id, messageId, WAIT);
    const lost = record?.hash && (await this.library.size(record.hash)) === undefined;
    return lost ? await this.inbox.fetch(id, messageId, WAIT) : record;
  }

  private async content(id: string, messageId: string) {
    const message = await this.messages.outgoing(id, messageId);
    if (!message) throw new ApiError('message_not_found');
    return message.content;
  }
}
