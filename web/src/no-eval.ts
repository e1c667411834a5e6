import { config } from 'zod';

// zod compiles its schemas with `new Function`, which our Content-Security-Policy refuses and
// reports. This module is imported before any schema is made: see schemas.ts.
config({ jitless: true });
