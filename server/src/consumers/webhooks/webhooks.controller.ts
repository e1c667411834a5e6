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
import { Audit } from '../../auth/audit.js';
import { Needs } from '../../auth/needs.js';
import type { Actor, Principal } from '../../auth/principal.js';
import { By, Caller } from '../../auth/principal.js';
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
    private readonly audit: Audit,
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
    @By() by: Actor,
    @Body({ schema: CreateWebhook }) body: CreateWebhook,
  ): Promise<WebhookWithSecret> {
    refuseAllSessions(by.principal, body.sessionId ?? null);
    const { userId } = by.principal;
    const { row, secret } = await this.webhooks.create(userId, body, (id) => [
      this.audit.step(by, 'webhook.created', id),
    ]);
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
    @By() by: Actor,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: UpdateWebhook }) body: UpdateWebhook,
  ): Promise<Webhook> {
    const row = await this.webhooks.find(scopeOf(by.principal), id);
    if (body.sessionId !== undefined) refuseAllSessions(by.principal, body.sessionId);
    return await this.actions.view(
      await this.actions.change(row, body, this.audit.step(by, 'webhook.changed', id)),
    );
  }

  @Delete(':id')
  @Needs('manage')
  @ApiOperation({ summary: 'Delete a webhook; what waits for it is dropped' })
  @Answers(200, Done, 'webhook_not_found')
  async delete(
    @By() by: Actor,
    @Param('id', { schema: Id }) id: string,
  ): Promise<z.infer<typeof Done>> {
    const row = await this.webhooks.find(scopeOf(by.principal), id);
    await this.actions.delete(row, this.audit.step(by, 'webhook.deleted', id));
    return { success: true };
  }

  @Post(':id/secret')
  @Needs('manage')
  @HttpCode(200)
  @ApiOperation({ summary: 'A new secret in place of the old one; shown once' })
  @Answers(200, WebhookWithSecret, 'webhook_not_found')
  async renewSecret(
    @By() by: Actor,
    @Param('id', { schema: Id }) id: string,
  ): Promise<WebhookWithSecret> {
    const found = await this.webhooks.find(scopeOf(by.principal), id);
    const note = this.audit.step(by, 'webhook.changed', id, { secret: 'renewed' });
    const renewed = await this.webhooks.renewSecret(found, [note]);
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
