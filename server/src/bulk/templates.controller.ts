import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Put,
  Query,
  Req,
} from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  ChangeTemplate,
  CreateTemplate,
  Done,
  PreviewTemplate,
  Template,
  TemplateMediaFields,
  TemplatePage,
  TemplatePreview,
} from '@patchbay/contract';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Audit } from '../auth/audit.js';
import { Needs } from '../auth/needs.js';
import type { Actor, Principal } from '../auth/principal.js';
import { By, Caller } from '../auth/principal.js';
import { Answers } from '../http/answers.js';
import { ApiError } from '../http/api-error.js';
import { decodeCursor, encodeCursor } from '../http/cursor.js';
import { formWithFile } from '../http/form-with-file.js';
import { ForwardPage } from '../http/page-query.js';
import { MediaLibrary } from '../media/media-library.js';
import { OutgoingMedia } from '../media/outgoing-media.js';
import { Uploads } from '../media/uploads.js';
import { filledIn, mediaView, TemplateStore, toTemplate } from './template-store.js';

const Id = z.uuid();

/** Texts with variables, which their owner sends to many. */
@ApiTags('Bulk')
@Controller('api/templates')
export class TemplatesController {
  constructor(
    private readonly templates: TemplateStore,
    private readonly uploads: Uploads,
    private readonly outgoing: OutgoingMedia,
    private readonly library: MediaLibrary,
    private readonly audit: Audit,
  ) {}

  @Get()
  @Needs('read')
  @ApiOperation({ summary: 'Your templates, by name' })
  @Answers(200, TemplatePage)
  async list(
    @Caller() { userId }: Principal,
    @Query({ schema: ForwardPage }) { limit, after }: ForwardPage,
  ): Promise<TemplatePage> {
    const place = after === undefined ? undefined : decodeCursor(after, ['string', 'string']);
    const rows = await this.templates.list(userId, limit, place);
    const last = rows.at(-1);
    return {
      templates: rows.map(toTemplate),
      after: last && rows.length === limit ? encodeCursor(last.name, last.id) : null,
    };
  }

  @Post()
  @Needs('send')
  @ApiOperation({ summary: 'A template: a text in one or more languages, with {{variables}}' })
  @Answers(201, Template, 'template_invalid', 'name_taken', 'too_many')
  async create(
    @By() by: Actor,
    @Body({ schema: CreateTemplate }) body: CreateTemplate,
  ): Promise<Template> {
    const row = await this.templates.create(by.principal.userId, body, (id) => [
      this.audit.step(by, 'template.created', id),
    ]);
    return toTemplate(row);
  }

  @Get(':templateId')
  @Needs('read')
  @ApiOperation({ summary: 'One template' })
  @Answers(200, Template, 'template_not_found')
  async get(
    @Caller() { userId }: Principal,
    @Param('templateId', { schema: Id }) id: string,
  ): Promise<Template> {
    return toTemplate(await this.templates.find(userId, id));
  }

  @Patch(':templateId')
  @Needs('send')
  @ApiOperation({
    summary: 'Change a template; bulk sends that were made of it stay as they are',
  })
  @Answers(200, Template, 'template_not_found', 'template_invalid', 'name_taken')
  async change(
    @By() by: Actor,
    @Param('templateId', { schema: Id }) id: string,
    @Body({ schema: ChangeTemplate }) body: ChangeTemplate,
  ): Promise<Template> {
    const row = await this.templates.find(by.principal.userId, id);
    const note = this.audit.step(by, 'template.changed', id, { fields: Object.keys(body) });
    return toTemplate(await this.templates.change(row, body, [note]));
  }

  @Delete(':templateId')
  @Needs('send')
  @ApiOperation({ summary: 'Delete a template; bulk sends that were made of it go on' })
  @Answers(200, Done, 'template_not_found')
  async delete(
    @By() by: Actor,
    @Param('templateId', { schema: Id }) id: string,
  ): Promise<z.infer<typeof Done>> {
    const row = await this.templates.find(by.principal.userId, id);
    await this.templates.delete(row, [this.audit.step(by, 'template.deleted', id)]);
    return { success: true };
  }

  @Post(':templateId/preview')
  @Needs('send')
  @HttpCode(200)
  @ApiOperation({ summary: 'The text with values filled in; nothing is sent' })
  @Answers(200, TemplatePreview, 'template_not_found', 'template_invalid')
  async preview(
    @Caller() { userId }: Principal,
    @Param('templateId', { schema: Id }) id: string,
    @Body({ schema: PreviewTemplate }) { values, language }: PreviewTemplate,
  ): Promise<TemplatePreview> {
    const row = await this.templates.find(userId, id);
    return { ...filledIn(row, values, language), media: mediaView(row) };
  }

  @Put(':templateId/media')
  @Needs('send')
  @ApiOperation({ summary: 'The file that is sent with a template; its text becomes the caption' })
  @ApiConsumes('multipart/form-data')
  @ApiBody(formWithFile('file', TemplateMediaFields))
  @Answers(200, Template, 'template_not_found', 'payload_too_large', 'unsupported_media_type')
  async setMedia(
    @By() by: Actor,
    @Param('templateId', { schema: Id }) id: string,
    @Req() request: FastifyRequest,
  ): Promise<Template> {
    const row = await this.templates.find(by.principal.userId, id);
    const { upload, fields } = await this.uploads.receiveForm(request, 'file', TemplateMediaFields);
    try {
      const { content, thumbnail } = await this.outgoing.prepare(upload, fields);
      if (content.type === 'audio' || content.type === 'sticker') {
        throw new ApiError(
          'unsupported_media_type',
          `WhatsApp shows no text with ${content.type === 'audio' ? 'an audio file' : 'a sticker'}, and a template is a text`,
        );
      }
      const note = this.audit.step(by, 'template.changed', id, { fields: ['media'] });
      return toTemplate(await this.templates.setMedia(row, { content, thumbnail }, [note]));
    } finally {
      await this.library.spool.discard(upload.file);
    }
  }

  @Delete(':templateId/media')
  @Needs('send')
  @ApiOperation({ summary: 'Take the file away from a template' })
  @Answers(200, Template, 'template_not_found')
  async removeMedia(
    @By() by: Actor,
    @Param('templateId', { schema: Id }) id: string,
  ): Promise<Template> {
    const row = await this.templates.find(by.principal.userId, id);
    const note = this.audit.step(by, 'template.changed', id, { fields: ['media'] });
    return toTemplate(await this.templates.setMedia(row, null, [note]));
  }
}
