import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiKeyPage, CreateApiKey, Done, NewApiKey } from '@patchbay/contract';
import { z } from 'zod';
import { Answers } from '../http/answers.js';
import { decodeCursor, encodeCursor } from '../http/cursor.js';
import { BackwardPage } from '../http/page-query.js';
import { ApiKeys, toApiKey } from './api-keys.js';
import { Needs } from './needs.js';
import type { Actor, Principal } from './principal.js';
import { By, Caller } from './principal.js';

const KeyId = z.string().regex(/^[\w-]{1,64}$/, 'not an id of a key');

@ApiTags('API keys')
@Controller('api/keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeys) {}

  @Get()
  @Needs('person')
  @ApiOperation({ summary: 'API keys, newest first: the caller’s, for admins all' })
  @Answers(200, ApiKeyPage)
  async list(
    @Caller() caller: Principal,
    @Query({ schema: BackwardPage }) { limit, before }: BackwardPage,
  ): Promise<ApiKeyPage> {
    const place = before === undefined ? undefined : decodeCursor(before, ['number', 'string']);
    const rows = await this.keys.list(caller, limit, place);
    const last = rows.at(-1);
    return {
      keys: rows.map(toApiKey),
      before: last && rows.length === limit ? encodeCursor(last.created_at, last.id) : null,
    };
  }

  @Post()
  @Needs('person')
  @ApiOperation({ summary: 'A new API key for the caller; the answer shows it once' })
  @Answers(201, NewApiKey, 'session_not_found', 'too_many_keys')
  async create(
    @By() by: Actor,
    @Body({ schema: CreateApiKey }) body: CreateApiKey,
  ): Promise<NewApiKey> {
    return await this.keys.create(by, body);
  }

  @Delete(':keyId')
  @Needs('person')
  @ApiOperation({ summary: 'Revoke a key; streams that it opened end too' })
  @Answers(200, Done, 'key_not_found')
  async revoke(
    @By() by: Actor,
    @Param('keyId', { schema: KeyId }) keyId: string,
  ): Promise<z.infer<typeof Done>> {
    await this.keys.revoke(by, keyId);
    return { success: true };
  }
}
