import { mendLibsignal } from './libsignal.js';
import { keyJobsByStorage, queueJob } from './session-job-queues.js';
import { verifyingCurve } from './verifying-curve.js';

mendLibsignal({ curve: verifyingCurve, queueJob, classes: keyJobsByStorage });
