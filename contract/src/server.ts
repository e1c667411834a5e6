import { z } from 'zod';

export const Health = z
  .object({
    status: z.enum(['ok', 'degraded']),
    /** Of the process that answers. */
    activeSessions: z.number().int(),
    /** Of the process that answers: what it does, and its id where there are several. */
    role: z.enum(['all', 'api', 'worker']),
    workerId: z.string().nullable(),
    /** Seconds since start. */
    uptime: z.number(),
  })
  .meta({ id: 'Health' });
export type Health = z.infer<typeof Health>;

export const Live = z.object({ status: z.literal('ok') }).meta({ id: 'Live' });
export type Live = z.infer<typeof Live>;

export const Ready = z.object({ status: z.literal('ready') }).meta({ id: 'Ready' });
export type Ready = z.infer<typeof Ready>;

export const SandboxPhone = z
  .object({ phone: z.string(), name: z.string() })
  .meta({ id: 'SandboxPhone' });
export const SandboxPhoneList = z
  .object({ phones: z.array(SandboxPhone) })
  .meta({ id: 'SandboxPhoneList' });
export type SandboxPhoneList = z.infer<typeof SandboxPhoneList>;

/** Body of POST /api/sandbox/scan: which simulated phone scans the QR of which session. */
export const SandboxScan = z
  .object({ sessionId: z.string(), phone: z.string().regex(/^[0-9]{7,15}$/) })
  .strict()
  .meta({ id: 'SandboxScan' });
export type SandboxScan = z.infer<typeof SandboxScan>;

export const Done = z.object({ success: z.literal(true) }).meta({ id: 'Done' });
export type Done = z.infer<typeof Done>;
