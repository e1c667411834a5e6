import { z } from 'zod';

const limit = z.coerce.number().int().min(1).max(200).default(50);

/** A page of a list that goes back in time. */
export const BackwardPage = z.object({ limit, before: z.string().min(1).max(512).optional() });
export type BackwardPage = z.infer<typeof BackwardPage>;

const cursor = z.string().min(1).max(512).optional();

/** A page of a chat: backwards, forwards, or around a message. */
export const ThreadPage = z
  .object({ limit, before: cursor, after: cursor, around: z.string().min(1).max(128).optional() })
  .refine(
    ({ before, after, around }) => [before, after, around].filter(Boolean).length <= 1,
    'give one of before, after and around',
  );
export type ThreadPage = z.infer<typeof ThreadPage>;

/** A page of a list from the top. */
export const ForwardPage = z.object({ limit, after: z.string().min(1).max(512).optional() });
export type ForwardPage = z.infer<typeof ForwardPage>;
