import { bindCertificate, rememberingPeer } from './bound-certificate.js';
import { mendLibsignal } from './libsignal.js';
import { keyJobsByStorage, queueJob } from './session-job-queues.js';
import { tryCopiesOfSessions } from './tried-sessions.js';
import { verifyingCurve } from './verifying-curve.js';

const mended = mendLibsignal({
  curve: (original) => rememberingPeer(verifyingCurve(original)),
  queueJob,
  classes: (classes) => {
    keyJobsByStorage(classes);
    tryCopiesOfSessions(classes);
  },
});
if (mended) bindCertificate();
