import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  CreateWebhook,
  DeliveryPage,
  DeliveryState,
  Done,
  Redeliver,
  UpdateWebhook,
  Webhook,
  WebhookPage,
  WebhookTestAnswer,
  WebhookWithSecret,
} from '@patchbay/contract';
import { z } from 'zod';
import { Needs } from '../../auth/needs.js';
import type { Principal } from '../../auth/principal.js';
import { Caller } from '../../auth/principal.js';
import { Answers } from '../../http/answers.js';
import { ApiError } from '../../http/api-error.js';
import { decodeCursor, encodeCursor } from '../../http/cursor.js';
import { BackwardPage, ForwardPage } from '../../http/page-query.js';
import { DeliveryStore, toDelivery } from './delivery-store.js';
import { Redeliveries } from './redeliveries.js';
import { WebhookActions } from './webhook-actions.js';
import type { WebhookRow, WebhookScope } from './webhook-store.js';
import { WebhookStore } from './webhook-store.js';

const Id = z.string().regex(/^[\w-]{1,64}$/, 'not an id of a webhook');
const DeliveryQuery = BackwardPage.extend({ state: DeliveryState.optional() });

@ApiTags('Webhooks')
@Controller('api/webhooks')
export class WebhooksController {
  constructor(
    private readonly webhooks: WebhookStore,
    private readonly deliveries: DeliveryStore,
    private readonly actions: WebhookActions,
    private readonly redeliveries: Redeliveries,
  ) {}

  @Get()
  @Needs('manage')
  @ApiOperation({ summary: 'All webhooks, oldest first' })
  @Answers(200, WebhookPage)
  async list(
    @Caller() caller: Principal,
    @Query({ schema: ForwardPage }) { limit, after }: ForwardPage,
  ): Promise<WebhookPage> {
    const place = after === undefined ? undefined : decodeCursor(after, ['number', 'string']);
    const rows = await this.webhooks.list(scopeOf(caller), limit, place);
    const last = rows.at(-1);
    return {
      webhooks: await Promise.all(rows.map((row) => this.actions.view(row))),
      after: last && rows.length === limit ? encodeCursor(last.created_at, last.id) : null,
    };
  }

  @Post()
  @Needs('manage')
  @ApiOperation({
    summary: 'A new webhook for events from now on; the answer shows its secret once',
  })
  @Answers(201, WebhookWithSecret, 'url_refused', 'session_not_found', 'too_many_webhooks')
  async create(
    @Caller() caller: Principal,
    @Body({ schema: CreateWebhook }) body: CreateWebhook,
  ): Promise<WebhookWithSecret> {
    refuseAllSessions(caller, body.sessionId ?? null);
    const { row, secret } = await this.webhooks.create(caller.userId, body);
    return { ...(await this.actions.view(row)), secret };
  }

  @Get(':id')
  @Needs('manage')
  @ApiOperation({ summary: 'One webhook, without its secret' })
  @Answers(200, Webhook, 'webhook_not_found')
  async get(
    @Caller() caller: Principal,
    @Param('id', { schema: Id }) id: string,
  ): Promise<Webhook> {
    return await this.actions.view(await this.webhooks.find(scopeOf(caller), id));
  }

  @Put(':id')
  @Needs('manage')
  @ApiOperation({ summary: 'Change a webhook; fields that are absent stay as they are' })
  @Answers(200, Webhook, 'webhook_not_found', 'url_refused', 'session_not_found')
  async update(
    @Caller() caller: Principal,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: UpdateWebhook }) body: UpdateWebhook,
  ): Promise<Webhook> {
    const row = await this.webhooks.find(scopeOf(caller), id);
    if (body.sessionId !== undefined) refuseAllSessions(caller, body.sessionId);
    return await this.actions.view(await this.actions.change(row, body));
  }

  @Delete(':id')
  @Needs('manage')
  @ApiOperation({ summary: 'Delete a webhook; what waits for it is dropped' })
  @Answers(200, Done, 'webhook_not_found')
  async delete(
    @Caller() caller: Principal,
    @Param('id', { schema: Id }) id: string,
  ): Promise<z.infer<typeof Done>> {
    await this.actions.delete(await this.webhooks.find(scopeOf(caller), id));
    return { success: true };
  }

  @Post(':id/secret')
  @Needs('manage')
  @HttpCode(200)
  @ApiOperation({ summary: 'A new secret in place of the old one; shown once' })
  @Answers(200, WebhookWithSecret, 'webhook_not_found')
  async renewSecret(
    @Caller() caller: Principal,
    @Param('id', { schema: Id }) id: string,
  ): Promise<WebhookWithSecret> {
    const renewed = await this.webhooks.renewSecret(await this.webhooks.find(scopeOf(caller), id));
    return { ...(await this.actions.view(renewed.row)), secret: renewed.secret };
  }

  @Post(':id/test')
  @Needs('manage')
  @HttpCode(200)
  @ApiOperation({ summary: 'Call the webhook now with the event `webhook.test`' })
  @Answers(200, WebhookTestAnswer, 'webhook_not_found')
  async test(
    @Caller() caller: Principal,
    @Param('id', { schema: Id }) id: string,
  ): Promise<WebhookTestAnswer> {
    return await this.actions.test(await this.webhooks.find(scopeOf(caller), id));
  }

  @Get(':id/deliveries')
  @Needs('manage')
  @ApiOperation({ summary: 'Deliveries with what came of them, newest first' })
  @Answers(200, DeliveryPage, 'webhook_not_found')
  async listDeliveries(
    @Caller() caller: Principal,
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: DeliveryQuery }) { state, ...page }: z.infer<typeof DeliveryQuery>,
  ): Promise<DeliveryPage> {
    return await this.page(await this.webhooks.find(scopeOf(caller), id), page, state);
  }

  @Get(':id/dead-letters')
  @Needs('manage')
  @ApiOperation({ summary: 'Deliveries that were given up, newest first' })
  @Answers(200, DeliveryPage, 'webhook_not_found')
  async listDead(
    @Caller() caller: Principal,
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: BackwardPage }) page: BackwardPage,
  ): Promise<DeliveryPage> {
    return await this.page(await this.webhooks.find(scopeOf(caller), id), page, 'dead');
  }

  @Post(':id/redeliver')
  @Needs('manage')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Deliver again: one delivery, all that were given up, or the events of a time span',
  })
  @Answers(202, Done, 'webhook_not_found', 'delivery_not_found', 'cursor_expired')
  async redeliver(
    @Caller() caller: Principal,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: Redeliver }) body: Redeliver,
  ): Promise<z.infer<typeof Done>> {
    await this.redeliveries.accept(await this.webhooks.find(scopeOf(caller), id), body);
    return { success: true };
  }

  private async page(
    webhook: WebhookRow,
    { limit, before }: BackwardPage,
    state: DeliveryState | undefined,
  ): Promise<DeliveryPage> {
    const [number] = before ? decodeCursor(before, ['number']) : [Number.MAX_SAFE_INTEGER];
    const rows = await this.deliveries.list(webhook.id, { state, before: number, limit });
    const last = rows.at(-1);
    return {
      deliveries: rows.map(toDelivery),
      before: last && rows.length === limit ? encodeCursor(last.number) : null,
    };
  }
}

/** Admins see the webhooks of all, others their own; a key those of its sessions. */
function scopeOf({ role, userId, sessions }: Principal): WebhookScope {
  return {
    ...(role !== 'admin' && { ownerId: userId }),
    ...(sessions !== 'all' && { sessionIds: [...sessions] }),
  };
}

/** A webhook for all sessions would tell a key of some sessions about the others. */
function refuseAllSessions({ sessions }: Principal, sessionId: string | null): void {
  if (sessions === 'all' || sessionId !== null) return;
  throw new ApiError('forbidden', 'This key is for some sessions: say for which the webhook is');
}
