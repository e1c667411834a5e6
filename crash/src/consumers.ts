import { type Cast, type ConsumersCast, TAG } from './lanes.js';
import type { Responder } from './responder.js';
import type { ServerApi } from './server-api.js';
import { until } from './until.js';

/** Milliseconds. */
const KNOWN_WITHIN = 120_000;
const QUIET_SECONDS = 0.5;

/**
 * Has the server approve, pass on and answer: an admin of knowledge, a route, a chatbot.
 * @returns the chatbot's id
 */
export async function engageConsumers(
  { sessions }: Cast,
  { source, targets, admin, bot }: ConsumersCast,
  server: ServerApi,
  responder: Responder,
): Promise<string> {
  await server.call('PUT', '/api/knowledge/admins', { admins: [admin] });
  const route = { sourceGroupId: source, targetGroupIds: targets.map(({ jid }) => jid) };
  await until(
    'the groups are known',
    () => server.call('POST', '/api/routes', route).catch(() => undefined),
    KNOWN_WITHIN,
    200,
  );
  type Created = { id: string; webhookSecret: string };
  const { id, webhookSecret } = await server.call<Created>('POST', '/api/chatbots', {
    sessionId: sessions.get(bot),
    name: 'Bot',
    enabled: true,
    responder: 'webhook',
    webhookUrl: responder.url,
    quietSeconds: QUIET_SECONDS,
  });
  responder.secret = webhookSecret;
  return id;
}

/** The texts of all approved messages that the search finds. */
export async function searchAll(server: ServerApi): Promise<string[]> {
  type Page = { results: { item: { text: string } }[]; after: string | null };
  const found: string[] = [];
  let after = '';
  do {
    const page: Page = await server.call('GET', `/api/search?tag=${TAG}&limit=100${after}`);
    found.push(...page.results.map(({ item }) => item.text));
    after = page.after ? `&after=${encodeURIComponent(page.after)}` : '';
  } while (after);
  return found;
}
