import { z } from 'zod';

const counts = {
  accepted: z.number().int().describe('All that was to be sent'),
  sent: z.number().int().describe('Taken by WhatsApp, whatever came after'),
  delivered: z.number().int().describe('Reached a device of the recipient, read or not'),
  read: z.number().int(),
  failed: z.number().int(),
};

export const DeliveryCounts = z.object(counts).meta({ id: 'DeliveryCounts' });
export type DeliveryCounts = z.infer<typeof DeliveryCounts>;

/** A day (UTC): what was accepted on it, and how far it has come until now. */
export const DeliveryDay = z.object({ day: z.iso.date(), ...counts }).meta({ id: 'DeliveryDay' });
export type DeliveryDay = z.infer<typeof DeliveryDay>;

/** Each day of the span, oldest first, also those on which nothing was sent. */
export const DeliveryDays = z
  .object({ days: z.array(DeliveryDay), total: DeliveryCounts })
  .meta({ id: 'DeliveryDays' });
export type DeliveryDays = z.infer<typeof DeliveryDays>;

export const DeliveryBy = z.enum(['session', 'template', 'bulk']).meta({ id: 'DeliveryBy' });
export type DeliveryBy = z.infer<typeof DeliveryBy>;

export const DeliveryGroup = z
  .object({
    id: z.string(),
    name: z.string().nullable().describe('Null: it has none, or is gone'),
    ...counts,
  })
  .meta({ id: 'DeliveryGroup' });
export type DeliveryGroup = z.infer<typeof DeliveryGroup>;

/** The most messages first. */
export const DeliveryGroups = z
  .object({ groups: z.array(DeliveryGroup) })
  .meta({ id: 'DeliveryGroups' });
export type DeliveryGroups = z.infer<typeof DeliveryGroups>;
