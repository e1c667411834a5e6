import type { Variant } from './bare/main.js';
import { barePhone, type House, range } from './house.js';
import type { LoadOrder } from './sandbox-process.js';

/** Inbound messages a second that bare Baileys decrypts and receipts, all sessions busy. */
export async function bareInbound(
  house: House,
  variant: Variant,
  sessions: number,
  messages: number,
): Promise<number> {
  const { sandbox } = house;
  const order: LoadOrder = { phones: range(0, sessions).map(barePhone), messages };
  const bare = await house.startBare(variant);
  await bare.ask('open', order.phones);
  const partners = await sandbox.ask<{ phone: string; to: string }[]>('greet', order);
  for (const partner of partners) await bare.ask('say', { ...partner, text: 'hello' });
  await sandbox.ask('heard', order);
  await sandbox.ask('load', { ...order, messages: Math.min(messages, 20) });
  const perSecond = await sandbox.ask<number>('load', order);
  await bare.ask('close');
  await bare.stop();
  return perSecond;
}
