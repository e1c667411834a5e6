import { config } from 'zod';

// zod compiles its schemas with `new Function`, which our Content-Security-Policy refuses and
// reports. This module is imported first, before any schema exists.
config({ jitless: true });
