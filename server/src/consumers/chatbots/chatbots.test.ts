import type {
  Chatbot,
  ChatbotUsage,
  Conversation,
  ConversationMessagePage,
  ConversationPage,
  CreatedChatbot,
} from '@patchbay/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { longOn } from '../../testing/databases.js';
import { eventsOf } from '../../testing/events-of.js';
import { eventually } from '../../testing/eventually.js';
import { TestSandbox } from '../../testing/test-sandbox.js';
import { TestServer } from '../../testing/test-server.js';
import { ModelEndpoint } from './testing/model-endpoint.js';
import { ResponderUrl } from './testing/responder-url.js';

describe.each(longOn('postgres'))('chatbots on %s', (database) => {
  let sandbox: TestSandbox;
  let server: TestServer;
  let model: ModelEndpoint;
  let own: string;
  let bot: CreatedChatbot;

  const change = (body: object) => server.call<Chatbot>('PATCH', `/api/chatbots/${bot.id}`, body);
  const conversations = async () =>
    (await server.call<ConversationPage>('GET', `/api/chatbots/${bot.id}/conversations`)).body
      .conversations;
  const conversationWith = async (phone: string) =>
    await eventually('a conversation', async () =>
      (await conversations()).find(({ chatId }) => chatId.startsWith(phone)),
    );
  const hand = async (conversation: Conversation, state: string) =>
    await server.call<Conversation>(
      'PUT',
      `/api/chatbots/${bot.id}/conversations/${conversation.id}/state`,
      { state },
    );
  /** What a phone was sent by us, in order. */
  const got = async (phone: string) =>
    (await sandbox.messagesOf(phone)).filter(({ from }) => from === own).map(({ text }) => text);
  const answered = async (phone: string, count: number) =>
    await eventually(`${count} answers`, async () => {
      const texts = await got(phone);
      return texts.length >= count ? texts : undefined;
    });
  const ask = (phone: string, text: string) => sandbox.write(phone, { to: own, text });

  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    model = await ModelEndpoint.start();
    server = await TestServer.start(sandbox, {
      database,
      environment: { ALLOW_PRIVATE_TARGETS: '127.0.0.1' },
    });
    own = await sandbox.phone('Shop');
    await server.linked(sandbox, 'shop', own);
    const created = await server.call<CreatedChatbot>('POST', '/api/chatbots', {
      sessionId: 'shop',
      name: 'Helper',
      enabled: true,
      responder: 'ai',
      quietSeconds: 0.4,
      ai: { baseUrl: model.baseUrl, model: 'm-1', prompt: 'Be kind.', apiKey: 'sk-planted' },
    });
    expect(created.status).toBe(201);
    bot = created.body;
  }, 60_000);
  beforeEach(async () => {
    model.answer = (question) => `answer to: ${question}`;
    await change({ responder: 'ai', ai: { stream: false, tokensPerDay: null } });
  });
  afterAll(async () => {
    await server.stop();
    await model.stop();
    await sandbox.stop();
  });

  it('answers a question with the prompt, the history and its key', async () => {
    const phone = await sandbox.phone('Ana');
    await ask(phone, 'Are you open?');
    expect(await answered(phone, 1)).toEqual(['answer to: Are you open?']);
    await ask(phone, 'And tomorrow?');
    expect(await answered(phone, 2)).toEqual([
      'answer to: Are you open?',
      'answer to: And tomorrow?',
    ]);
    const call = model.calls.at(-1);
    expect(call?.path).toBe('/v1/chat/completions');
    expect(call?.headers.authorization).toBe('Bearer sk-planted');
    expect(call?.body).toMatchObject({
      model: 'm-1',
      messages: [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: 'Are you open?' },
        { role: 'assistant', content: 'answer to: Are you open?' },
        { role: 'user', content: 'And tomorrow?' },
      ],
    });
    const conversation = await conversationWith(phone);
    expect(conversation).toMatchObject({ state: 'bot', name: 'Ana', error: null });
    const said = await eventually('all that was said', async () => {
      const path = `/api/chatbots/${bot.id}/conversations/${conversation.id}/messages`;
      const { messages } = (await server.call<ConversationMessagePage>('GET', path)).body;
      return messages.length === 4 ? messages : undefined;
    });
    expect(said.map(({ by }) => by)).toEqual(['bot', 'contact', 'bot', 'contact']);
  });

  it('answers what comes in quick succession together', async () => {
    const phone = await sandbox.phone();
    for (const text of ['Hello', 'I would like', 'a table for two']) await ask(phone, text);
    expect(await answered(phone, 1)).toEqual(['answer to: a table for two']);
    expect(model.calls.at(-1)?.body.messages.map(({ content }) => content)).toEqual([
      'Be kind.',
      'Hello',
      'I would like',
      'a table for two',
    ]);
  });

  it('thinks again when more is asked while it thinks', async () => {
    const phone = await sandbox.phone();
    let thinking: (() => void) | undefined;
    const first = new Promise<void>((resolve) => {
      thinking = resolve;
    });
    model.answer = async (question) => {
      if (question !== 'first') return `answer to: ${question}`;
      thinking?.();
      await eventually('the second was heard', async () =>
        (await conversationWith(phone)).lastMessage?.content === 'second' ? true : undefined,
      );
      return 'too early';
    };
    await ask(phone, 'first');
    await first;
    await ask(phone, 'second');
    expect(await answered(phone, 1)).toEqual(['answer to: second']);
  });

  it('reads a streamed answer', async () => {
    await change({ ai: { stream: true } });
    const phone = await sandbox.phone();
    model.answer = () => 'Olá, às 9 horas – até já ✨';
    await ask(phone, 'When?');
    expect(await answered(phone, 1)).toEqual(['Olá, às 9 horas – até já ✨']);
  });

  it('keeps silent while a person has the conversation', async () => {
    const phone = await sandbox.phone();
    await ask(phone, 'one');
    await answered(phone, 1);
    const conversation = await conversationWith(phone);
    expect((await hand(conversation, 'human')).body.state).toBe('human');
    const calls = model.calls.length;
    await ask(phone, 'two');
    await eventually('it was heard', async () =>
      (await conversationWith(phone)).lastMessage?.content === 'two' ? true : undefined,
    );
    await hand(conversation, 'bot');
    await ask(phone, 'three');
    expect(await answered(phone, 2)).toEqual(['answer to: one', 'answer to: three']);
    expect(model.calls.length).toBe(calls + 1);
    const events = await eventsOf(server, 'shop', 'chatbot.conversation');
    expect(events.filter(({ conversationId }) => conversationId === conversation.id)).toMatchObject(
      [
        { state: 'human', cause: 'person' },
        { state: 'bot', cause: 'person' },
      ],
    );
  });

  it('says nothing when somebody takes over while it thinks', async () => {
    const phone = await sandbox.phone();
    model.answer = async () => {
      await hand(await conversationWith(phone), 'human');
      return 'too late';
    };
    await ask(phone, 'hello');
    await eventually('it was handed over', async () =>
      (await conversationWith(phone)).state === 'human' ? true : undefined,
    );
    model.answer = () => 'again';
    await hand(await conversationWith(phone), 'bot');
    await ask(phone, 'still there?');
    expect(await answered(phone, 1)).toEqual(['again']);
  });

  it('answers what is left when one of several questions was settled elsewhere', async () => {
    const phone = await sandbox.phone();
    let thought = 0;
    model.answer = async (question) => {
      thought += 1;
      if (thought === 1) {
        const { kysely } = server.house.database;
        const { id } = await conversationWith(phone);
        const first = kysely
          .selectFrom('chatbot_questions')
          .select((e) => e.fn.min('position').as('position'))
          .where('conversation_id', '=', id);
        const query = kysely
          .updateTable('chatbot_questions')
          .set({ outcome: 'silent' })
          .where('conversation_id', '=', id)
          .where('position', '=', first);
        await server.house.database.write([{ query }]);
      }
      return `thought ${thought}: ${question}`;
    };
    await ask(phone, 'one');
    await ask(phone, 'two');
    expect(await answered(phone, 1)).toEqual(['thought 2: two']);
  });

  it('leaves the conversation to who answers from the phone, and a closed one opens again', async () => {
    const phone = await sandbox.phone();
    await ask(phone, 'hello');
    await answered(phone, 1);
    await sandbox.write(own, { to: phone, text: 'It is me, Ana' });
    const conversation = await eventually('the person has it', async () => {
      const found = await conversationWith(phone);
      return found.state === 'human' ? found : undefined;
    });
    expect(conversation.stateCause).toBe('phone');
    await hand(conversation, 'closed');
    await ask(phone, 'one more thing');
    expect((await answered(phone, 3)).at(-1)).toBe('answer to: one more thing');
    expect(await conversationWith(phone)).toMatchObject({ state: 'bot', stateCause: 'contact' });
  });

  it('tries again what may pass, and leaves to people what does not', async () => {
    const phone = await sandbox.phone();
    let failures = 1;
    model.answer = (question) => {
      failures -= 1;
      return failures >= 0 ? { status: 503, message: 'overloaded' } : `answer to: ${question}`;
    };
    await ask(phone, 'hello');
    expect(await answered(phone, 1)).toEqual(['answer to: hello']);
    model.answer = () => ({ status: 401, message: 'Incorrect API key provided' });
    await ask(phone, 'are you there?');
    const conversation = await eventually('people have it', async () => {
      const found = await conversationWith(phone);
      return found.state === 'human' ? found : undefined;
    });
    expect(conversation).toMatchObject({
      stateCause: 'no_answer',
      error: 'the endpoint answered 401: Incorrect API key provided',
    });
  });

  it('stops at its spend cap, and tells by day what it did', async () => {
    const { body: before } = await server.call<ChatbotUsage>(
      'GET',
      `/api/chatbots/${bot.id}/usage?days=7`,
    );
    const today = before.days.at(-1);
    expect(before.days).toHaveLength(7);
    expect(today?.answers).toBeGreaterThan(5);
    const failed = 3;
    expect(today?.tokensIn).toBe(30 * (model.calls.length - failed));
    await change({ ai: { tokensPerDay: 1 } });
    const phone = await sandbox.phone();
    await ask(phone, 'hello');
    const conversation = await eventually('people have it', async () => {
      const found = await conversationWith(phone);
      return found.state === 'human' ? found : undefined;
    });
    expect(conversation).toMatchObject({
      stateCause: 'spend_cap',
      error: '1 tokens were used today',
    });
    expect(await got(phone)).toEqual([]);
  });

  it('answers with what a URL says, whose calls are signed', async () => {
    const url = await ResponderUrl.start(bot.webhookSecret);
    await change({ responder: 'webhook', webhookUrl: url.address });
    const phone = await sandbox.phone('Bo');
    await ask(phone, 'plain');
    await answered(phone, 1);
    await ask(phone, 'json');
    await answered(phone, 2);
    await ask(phone, 'nothing');
    await eventually('it was asked', () => (url.calls.length === 3 ? true : undefined));
    await ask(phone, 'plain');
    expect(await answered(phone, 3)).toEqual(['plain it is', 'json it is', 'plain it is']);
    expect(url.faults).toEqual([]);
    expect(url.calls[1]).toMatchObject({
      chatbotId: bot.id,
      sessionId: 'shop',
      name: 'Bo',
      messages: [{ content: 'json' }],
      history: [
        { by: 'contact', content: 'plain' },
        { by: 'bot', content: 'plain it is' },
      ],
    });
    await url.stop();
  });

  it('tries a chat without sending anything', async () => {
    const { status, body } = await server.call('POST', `/api/chatbots/${bot.id}/test`, {
      message: 'Hello?',
    });
    expect([status, body]).toMatchObject([200, { content: 'answer to: Hello?', tokensIn: 30 }]);
    model.answer = () => ({ status: 404, message: 'The model does not exist' });
    const failed = await server.call('POST', `/api/chatbots/${bot.id}/test`, {
      message: 'Hello?',
    });
    expect([failed.status, failed.body]).toMatchObject([
      502,
      {
        error: {
          code: 'no_answer',
          message: 'the endpoint answered 404: The model does not exist',
        },
      },
    ]);
  });

  it('refuses what cannot work, and shows no secret', async () => {
    const again = await server.call('POST', '/api/chatbots', { sessionId: 'shop', name: 'Two' });
    expect([again.status, again.body]).toMatchObject([409, { error: { code: 'chatbot_exists' } }]);
    const incomplete = await change({ responder: 'webhook', webhookUrl: null });
    expect([incomplete.status, incomplete.body]).toMatchObject([
      409,
      { error: { code: 'chatbot_incomplete' } },
    ]);
    const inside = await change({ webhookUrl: 'http://169.254.169.254/latest' });
    expect([inside.status, inside.body]).toMatchObject([400, { error: { code: 'url_refused' } }]);
    const { body } = await server.call('GET', '/api/chatbots');
    expect(body).toMatchObject({ chatbots: [{ ai: { hasApiKey: true } }] });
    expect(JSON.stringify(body)).not.toContain('planted');
    expect(JSON.stringify(body)).not.toContain(bot.webhookSecret);
  });
});
