import { Controller, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import {
  SendAnswer,
  SendAudioByUrl,
  SendAudioFields,
  SendMediaByUrl,
  SendMediaFields,
  SendWait,
} from '@patchbay/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs } from '../auth/needs.js';
import type { SessionScope } from '../auth/principal.js';
import { InSession } from '../auth/principal.js';
import { ApiError } from '../http/api-error.js';
import { formWithFile } from '../http/form-with-file.js';
import { IdempotencyKey, Sends } from '../outbox/send-route.js';
import { Sending } from '../outbox/sending.js';
import { SessionStore } from '../sessions/session-store.js';
import { MediaLibrary } from './media-library.js';
import { OutgoingMedia, type PreparedMedia } from './outgoing-media.js';
import { type ReceivedUpload, Uploads } from './uploads.js';

const ERRORS = [
  'payload_too_large',
  'unsupported_media_type',
  'url_refused',
  'media_unavailable',
] as const;

interface To {
  chatId: string;
  sendAt?: string | undefined;
  expiresAt?: string | undefined;
}

/** A request that sends a file, once the file is here. */
interface MediaRequest<Fields> extends ReceivedUpload<Fields> {
  ownerId: string;
  sessionId: string;
  idempotencyKey: string | undefined;
  wait: SendWait;
  reply: FastifyReply;
}

@ApiTags('Sending')
@Controller('api/sessions/:id/send')
export class SendMediaController {
  constructor(
    private readonly sessions: SessionStore,
    private readonly sending: Sending,
    private readonly uploads: Uploads,
    private readonly outgoing: OutgoingMedia,
    private readonly library: MediaLibrary,
  ) {}

  @Post('media')
  @Needs('send')
  @Sends('Send a file: picture, video, audio or document, by its type', ...ERRORS)
  @ApiConsumes('multipart/form-data', 'application/json')
  @ApiBody(formWithFile('file', SendMediaFields))
  async media(
    @InSession() { id: sessionId, ownerId }: SessionScope,
    @Query({ schema: SendWait }) wait: SendWait,
    @IdempotencyKey() idempotencyKey: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SendAnswer> {
    await this.checkSession(ownerId, sessionId);
    const received = await this.uploads.receive(request, {
      part: 'file',
      multipart: SendMediaFields,
      json: SendMediaByUrl,
    });
    return await this.send(
      { ...received, ownerId, sessionId, idempotencyKey, wait, reply },
      ({ upload, fields }) => this.outgoing.prepare(upload, fields),
    );
  }

  @Post('audio')
  @Needs('send')
  @Sends('Send a recording as a voice note', ...ERRORS)
  @ApiConsumes('multipart/form-data', 'application/json')
  @ApiBody(formWithFile('audio', SendAudioFields))
  async audio(
    @InSession() { id: sessionId, ownerId }: SessionScope,
    @Query({ schema: SendWait }) wait: SendWait,
    @IdempotencyKey() idempotencyKey: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SendAnswer> {
    await this.checkSession(ownerId, sessionId);
    const received = await this.uploads.receive(request, {
      part: 'audio',
      multipart: SendAudioFields,
      json: SendAudioByUrl,
    });
    return await this.send(
      { ...received, ownerId, sessionId, idempotencyKey, wait, reply },
      ({ upload, fields }) => this.outgoing.prepareVoice(upload, fields),
    );
  }

  private async send<Fields extends To>(
    request: MediaRequest<Fields>,
    prepare: (received: ReceivedUpload<Fields>) => Promise<PreparedMedia>,
  ): Promise<SendAnswer> {
    const { upload, fields, ownerId, sessionId, idempotencyKey, wait, reply } = request;
    const { chatId, sendAt, expiresAt, ...beside } = fields;
    let prepared: PreparedMedia | undefined;
    const content = async () => {
      prepared = await prepare(request);
      return prepared.content;
    };
    const also = (messageId: string) => [
      this.library.records.note(sessionId, messageId, {
        state: 'stored',
        hash: prepared?.content.sha256 ?? null,
        thumbnail: prepared?.thumbnail ?? null,
      }),
    ];
    const said = { file: upload.file.hash, beside };
    const to = { chatId, sendAt, expiresAt, idempotencyKey };
    try {
      return await this.sending.answer(
        reply,
        ownerId,
        sessionId,
        { ...to, content, said, also },
        wait,
      );
    } finally {
      await this.library.spool.discard(upload.file);
    }
  }

  /** Before a file is taken in that nobody could send. */
  private async checkSession(ownerId: string, id: string): Promise<void> {
    const row = await this.sessions.find(id, ownerId);
    if (!row) throw new ApiError('session_not_found', `There is no session "${id}"`);
    if (row.linked !== 1) throw new ApiError('session_not_linked');
  }
}
