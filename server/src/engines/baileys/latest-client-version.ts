/** The page in which WhatsApp Web names its own build. */
const SERVICE_WORKER = 'https://web.whatsapp.com/sw.js';

/**
 * Today's version of WhatsApp Web, `2.3000.<revision>`. Rejects when the page cannot be read.
 * Source: `client_revision` in the service worker, as Baileys' fetchLatestWaWebVersion reads it.
 */
export async function latestClientVersion(url = SERVICE_WORKER): Promise<[number, number, number]> {
  const answer = await fetch(url, {
    signal: AbortSignal.timeout(10_000),
    // The page is given to browsers only.
    headers: { 'user-agent': 'Mozilla/5.0', 'sec-fetch-site': 'none' },
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  const revision = /\\?"client_revision\\?":\s*(\d+)/.exec(await answer.text())?.[1];
  if (!revision) throw new Error(`${url} names no client_revision`);
  return [2, 3000, Number(revision)];
}
