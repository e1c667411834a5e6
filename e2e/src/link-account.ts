import { expect } from 'vitest';
import { apiOf } from './api.js';
import type { Product } from './product.js';

/** A new account, linked by a simulated phone, without the pages. @returns its id */
export async function linkAccount(
  product: Product,
  sandbox: { scan(phone: string, qr: string): Promise<void> },
  displayName: string,
  phone: string,
): Promise<string> {
  const call = apiOf(product);
  const { id } = await call<{ id: string }>('POST', '/accounts', { displayName });
  // There is no QR at every moment.
  const qr = async () => {
    const asked = call<{ code?: string }>('GET', `/sessions/${id}/qr`);
    return await asked.then(({ code }) => code).catch(() => undefined);
  };
  await expect.poll(qr, { timeout: 10_000 }).toBeTruthy();
  await sandbox.scan(phone, (await qr()) ?? '');
  const status = async () =>
    (await call<{ state: { status: string } }>('GET', `/sessions/${id}`)).state.status;
  await expect.poll(status, { timeout: 15_000 }).toBe('connected');
  return id;
}
