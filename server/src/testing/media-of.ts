import { eventually } from './eventually.js';
import { API_KEY, type TestApi } from './test-api.js';
import type { TestSandbox } from './test-sandbox.js';

/** What a sandbox phone says of a file that it sends. */
export interface PhoneFile {
  kind: 'image' | 'video' | 'audio' | 'document' | 'sticker';
  mimetype: string;
  caption?: string;
  filename?: string;
  width?: number;
  height?: number;
  seconds?: number;
  waveform?: number[];
  voice?: '1';
  gif?: '1';
  viewOnce?: '1';
  /** Base64. */
  thumbnail?: string;
}

/** Sends a file from a phone; resolves with the message id. */
export async function sendFile(
  sandbox: TestSandbox,
  phone: string,
  to: string,
  file: Buffer,
  facts: PhoneFile,
): Promise<string> {
  const query = new URLSearchParams({ to });
  for (const [name, value] of Object.entries(facts)) query.set(name, String(value));
  const answer = await fetch(`${sandbox.address.controlUrl}/api/phones/${phone}/media?${query}`, {
    method: 'POST',
    body: new Uint8Array(file),
    headers: { 'content-type': 'application/octet-stream' },
  });
  if (answer.status !== 201) throw new Error(`sandbox: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { id: string }).id;
}

/** The file of a message, as the server gives it. */
export async function fileOf(
  server: TestApi,
  session: string,
  messageId: string,
  headers: Record<string, string> = {},
  query = '',
): Promise<{ status: number; headers: Headers; bytes: Buffer; code: string | undefined }> {
  const url = `${server.url}/api/sessions/${session}/messages/${messageId}/media${query}`;
  const answer = await fetch(url, { headers: { 'x-api-key': API_KEY, ...headers } });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const failed = answer.status >= 400;
  const body = failed ? (JSON.parse(String(bytes)) as { error: { code: string } }) : undefined;
  return { status: answer.status, headers: answer.headers, bytes, code: body?.error.code };
}

/** A message with a file, as a sandbox phone shows it. */
export interface ShownFile {
  id: string;
  kind: string;
  text: string;
  deliveries: number;
  media: {
    mimetype: string;
    size: number;
    filename?: string;
    width?: number;
    height?: number;
    seconds?: number;
    waveform?: number[];
    voice?: boolean;
    thumbnail?: string;
  };
}

/** The message on a phone as soon as it is there, and its file, which the phone checks. */
export async function fileOnPhone(
  sandbox: TestSandbox,
  phone: string,
  messageId: string,
  within?: number,
): Promise<{ shown: ShownFile; file: Buffer }> {
  const path = `/api/phones/${phone}/messages`;
  const shown = await eventually(
    `message ${messageId} on the phone`,
    async () => {
      const { messages } = await sandbox.call<{ messages: ShownFile[] }>('GET', path);
      return messages.find((each) => each.id === messageId);
    },
    within,
  );
  const answer = await fetch(`${sandbox.address.controlUrl}${path}/${messageId}/media`);
  if (answer.status !== 200) throw new Error(`sandbox: ${answer.status} ${await answer.text()}`);
  return { shown, file: Buffer.from(await answer.arrayBuffer()) };
}
