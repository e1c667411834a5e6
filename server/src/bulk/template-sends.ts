import type { MediaContent, MessageContent, SendTemplate } from '@patchbay/contract';
import type { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';
import type { MediaRecords } from '../media/media-records.js';
import type { SendRequest } from '../outbox/sending.js';
import type { TemplateRow, TemplateStore } from './template-store.js';
import { filledIn } from './template-store.js';

/** Messages made of a template one by one; that they were is kept, to be counted by template. */
export class TemplateSends {
  constructor(
    private readonly database: Database,
    private readonly templates: TemplateStore,
    private readonly media: Pick<MediaRecords, 'note'>,
  ) {}

  /**
   * What the outbox is asked for when one of a user's templates is sent. The template is looked at when
   * the message is made: repeated under its idempotency key it is the same message, whatever became
   * of the template. Making it throws `template_not_found`, `template_invalid`.
   */
  request(sessionId: string, userId: string, body: SendTemplate): SendRequest {
    const { templateId, language, values, quotedMessageId, ...where } = body;
    let made: TemplateRow | undefined;
    return {
      ...where,
      said: { templateId, language, values, quotedMessageId },
      content: async () => {
        made = await this.templates.find(userId, templateId);
        const { text } = filledIn(made, values, language);
        return { ...contentOf(made, text), ...(quotedMessageId && { quotedMessageId }) };
      },
      also: (messageId) => (made ? this.noted(sessionId, messageId, made) : []),
    };
  }

  /** Steps that forget all of a deleted session. */
  forget(sessionId: string): WriteStep[] {
    const { kysely } = this.database;
    return [{ query: kysely.deleteFrom('template_sends').where('session_id', '=', sessionId) }];
  }

  /** Deletes what was sent before a moment (ms); see `retention/`. */
  async deleteBefore(moment: number, limit: number): Promise<number> {
    const { kysely } = this.database;
    const old = await kysely
      .selectFrom('template_sends')
      .select(['session_id', 'message_id'])
      .where('accepted_at', '<', moment)
      .orderBy('accepted_at')
      .limit(limit)
      .execute();
    await this.database.write(
      old.map(({ session_id, message_id }) => ({
        query: kysely
          .deleteFrom('template_sends')
          .where('session_id', '=', session_id)
          .where('message_id', '=', message_id),
      })),
    );
    return old.length;
  }

  private noted(sessionId: string, messageId: string, template: TemplateRow): WriteStep[] {
    const { id, name, media_hash: hash, media_thumbnail: thumbnail } = template;
    const query = this.database.kysely.insertInto('template_sends').values({
      ...{ session_id: sessionId, message_id: messageId },
      ...{ template_id: id, template_name: name, accepted_at: Date.now() },
    });
    const file = this.media.note(sessionId, messageId, { state: 'stored', hash, thumbnail });
    return [{ query }, ...(template.media === null ? [] : [file])];
  }
}

function contentOf({ media }: TemplateRow, text: string): MessageContent {
  if (media === null) return { type: 'text', text };
  return { ...(JSON.parse(media) as MediaContent), ...(text !== '' && { caption: text }) };
}
