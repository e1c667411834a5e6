import { z } from 'zod';

/** Ids as on the wire: `<user>@s.whatsapp.net`, `<user>@lid`, `<id>@g.us`, `status@broadcast` ... */
export const Jid = z.string().min(3).max(128);
