import { createServer } from 'node:net';

/**
 * Whether a program could listen there now. Asked before anything is started, so that a taken port
 * is one clear line instead of a failed start.
 * @returns {Promise<string | undefined>} why not, or undefined
 */
export function whyNotFree(port, host) {
  if (port === 0) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error) => resolve(reason(error)));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(undefined)));
  });
}

function reason(error) {
  if (error.code === 'EADDRINUSE') return 'is taken by another program';
  if (error.code === 'EACCES') return 'may not be used by this user';
  return `cannot be used (${error.message})`;
}
