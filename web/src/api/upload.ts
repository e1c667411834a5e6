import { words } from '../words/words.js';
import { ApiError, answerOf } from './request.js';

interface UploadOptions {
  body: FormData;
  idempotencyKey: string;
  signal: AbortSignal;
  /** Told the share that has left, 0 to 1. */
  onProgress: (share: number) => void;
}

/**
 * Posts a form with a file; `fetch` cannot tell how far it has come.
 * @param path from `/api` on, already encoded
 * @throws {ApiError} for every kind of failure except an abort
 */
export async function upload<Answer>(
  path: string,
  { body, idempotencyKey, signal, onProgress }: UploadOptions,
): Promise<Answer> {
  const response = await new Promise<Response>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api${path}`);
    request.setRequestHeader('accept', 'application/json');
    request.setRequestHeader('idempotency-key', idempotencyKey);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => resolve(responseOf(request));
    request.onerror = () => reject(new ApiError(0, 'unreachable', words.errors.unreachable));
    request.onabort = () => reject(signal.reason);
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(body);
  });
  return await answerOf<Answer>(response, path);
}

function responseOf(request: XMLHttpRequest): Response {
  const requestId = request.getResponseHeader('x-request-id');
  return new Response(request.responseText, {
    status: request.status,
    headers: requestId ? { 'x-request-id': requestId } : {},
  });
}
