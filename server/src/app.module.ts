import type { DynamicModule, Provider } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ApiKeysController } from './auth/api-keys.controller.js';
import { AuditController } from './auth/audit.controller.js';
import { AuthController } from './auth/auth.controller.js';
import { AuthGuard } from './auth/auth.guard.js';
import { MeController } from './auth/me.controller.js';
import { refuseUndeclared } from './auth/needs.js';
import { SetUpController } from './auth/set-up.controller.js';
import { UsersController } from './auth/users.controller.js';
import { BulkMakingController } from './bulk/bulk-making.controller.js';
import { BulkSendsController } from './bulk/bulk-sends.controller.js';
import { DeliveryController } from './bulk/delivery.controller.js';
import { TemplateSendsController } from './bulk/template-sends.controller.js';
import { TemplatesController } from './bulk/templates.controller.js';
import { ChatCommandsController } from './chats/chat-commands.controller.js';
import { ChatsController } from './chats/chats.controller.js';
import { InboxController } from './chats/inbox.controller.js';
import { MessageController } from './chats/message.controller.js';
import { ChatTeamController } from './chats/team/chat-team.controller.js';
import { TeamController } from './chats/team/team.controller.js';
import { ChatbotsController } from './consumers/chatbots/chatbots.controller.js';
import { KnowledgeAdminsController } from './consumers/knowledge/knowledge-admins.controller.js';
import { ReindexController } from './consumers/knowledge/reindex.controller.js';
import { RoutesController } from './consumers/knowledge/routes.controller.js';
import { KnowledgeSearchController } from './consumers/knowledge/search.controller.js';
import { EventsController } from './consumers/realtime/events.controller.js';
import { WebhooksController } from './consumers/webhooks/webhooks.controller.js';
import { ContactsController } from './contacts/contacts.controller.js';
import { GroupsController } from './groups/groups.controller.js';
import { HealthController } from './http/health.controller.js';
import { JobsController } from './jobs/jobs.controller.js';
import { MediaController } from './media/media.controller.js';
import { SendMediaController } from './media/send-media.controller.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { WhatsappController } from './notifications/whatsapp.controller.js';
import { OutboxController } from './outbox/outbox.controller.js';
import { SendController } from './outbox/send.controller.js';
import { SendKindsController } from './outbox/send-kinds.controller.js';
import { SandboxController } from './sandbox-link/sandbox.controller.js';
import { AccountsController } from './sessions/accounts.controller.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { SettingsController } from './sessions/settings.controller.js';
import { SharesController } from './sessions/shares.controller.js';
import { WhatsappQrController } from './sessions/whatsapp-qr.controller.js';
import { WhatsappQrNoticesController } from './sessions/whatsapp-qr-notices.controller.js';

/** What the API has; each route says what it needs of its caller. */
const CONTROLLERS = [
  HealthController,
  MetricsController,
  SetUpController,
  AuthController,
  MeController,
  UsersController,
  ApiKeysController,
  AuditController,
  SessionsController,
  SettingsController,
  SharesController,
  AccountsController,
  ChatsController,
  InboxController,
  ChatTeamController,
  TeamController,
  MessageController,
  MediaController,
  SendMediaController,
  GroupsController,
  ChatCommandsController,
  ContactsController,
  SendController,
  SendKindsController,
  OutboxController,
  EventsController,
  SandboxController,
  WebhooksController,
  RoutesController,
  KnowledgeSearchController,
  KnowledgeAdminsController,
  ReindexController,
  JobsController,
  ChatbotsController,
  WhatsappQrController,
  TemplateSendsController,
  TemplatesController,
  BulkMakingController,
  BulkSendsController,
  WhatsappController,
  DeliveryController,
  WhatsappQrNoticesController,
];

@Module({})
class AppModule {}

/** The HTTP face of the house. What the controllers call is built in house.ts. */
export function appModule(providers: Provider[]): DynamicModule {
  refuseUndeclared(CONTROLLERS);
  return {
    module: AppModule,
    controllers: CONTROLLERS,
    providers: [...providers, AuthGuard, { provide: APP_GUARD, useExisting: AuthGuard }],
  };
}
