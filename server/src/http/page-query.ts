import { z } from 'zod';

const limit = z.coerce.number().int().min(1).max(200).default(50);

/** A page of a list that goes back in time. */
export const BackwardPage = z.object({ limit, before: z.string().min(1).max(512).optional() });
export type BackwardPage = z.infer<typeof BackwardPage>;

/** A page of a list from the top. */
export const ForwardPage = z.object({ limit, after: z.string().min(1).max(512).optional() });
export type ForwardPage = z.infer<typeof ForwardPage>;
