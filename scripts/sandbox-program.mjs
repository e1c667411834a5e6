import path from 'node:path';
import { root } from './prepare.mjs';
import { startProgram } from './program.mjs';

/** Starts the sandbox as a child; `ready` resolves with the address of its page and control API. */
export function startSandbox(env, data, port) {
  return startProgram('The sandbox', path.join(root, 'sandbox/dist/main.js'), {
    args: ['--port', String(port), '--data', data],
    env,
    cwd: root,
    readLine: /listening on (http:\/\/\S+)/,
  });
}

/**
 * What a server needs to talk to a running sandbox instead of WhatsApp, as environment variables.
 * @param {string} url address of the sandbox's control API
 * @throws when no sandbox answers there
 */
export async function sandboxEnvironment(url) {
  const base = url.replace(/\/+$/, '');
  let info;
  try {
    const response = await fetch(`${base}/api/info`, { signal: AbortSignal.timeout(5000) });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    info = await response.json();
  } catch (error) {
    const why = error.cause?.message ?? error.message;
    throw new Error(`No sandbox answers at ${base} (${why}). Start one with: npm run sandbox`);
  }
  return {
    SANDBOX_URL: base,
    WA_WEB_SOCKET_URL: info.wsUrl,
    WA_NOISE_ROOT_KEY: info.rootPublicKey,
    WA_MEDIA_HOST: info.media.host,
    WA_MEDIA_CA: info.media.caFile,
    WA_WEB_PAGE_HOST: info.webPage.host,
    WA_WEB_PAGE_SPKI: info.webPage.spki,
  };
}
