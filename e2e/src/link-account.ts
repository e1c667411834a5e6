import { expect } from 'vitest';
import type { Product } from './product.js';

/** A new account, linked by a simulated phone, without the pages. @returns its id */
export async function linkAccount(
  { url, apiKey }: Product,
  sandbox: { scan(phone: string, qr: string): Promise<void> },
  displayName: string,
  phone: string,
): Promise<string> {
  const call = async <Answer>(method: string, path: string, body?: object) => {
    const response = await fetch(`${url}/api${path}`, {
      method,
      headers: { 'x-api-key': apiKey, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    return (await response.json()) as Answer;
  };
  const { id } = await call<{ id: string }>('POST', '/accounts', { displayName });
  const qr = async () => (await call<{ code?: string }>('GET', `/sessions/${id}/qr`)).code;
  await expect.poll(qr, { timeout: 10_000 }).toBeTruthy();
  await sandbox.scan(phone, (await qr()) ?? '');
  const status = async () =>
    (await call<{ state: { status: string } }>('GET', `/sessions/${id}`)).state.status;
  await expect.poll(status, { timeout: 15_000 }).toBe('connected');
  return id;
}
