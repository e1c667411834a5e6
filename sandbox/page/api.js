/** Asks the control API. @throws Error with the API's own text */
export async function api(method, path, body) {
  let response;
  try {
    response = await fetch(`/api${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
  } catch {
    throw new Error('The sandbox does not answer. Is it still running?');
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok)
    throw new Error(answer.error?.message ?? `The sandbox answered ${response.status}.`);
  return answer;
}

/** Sends a file as it is. @throws Error with the API's own text */
export async function upload(path, file) {
  const response = await fetch(`/api${path}`, {
    method: 'POST',
    body: file,
    headers: { 'content-type': 'application/octet-stream' },
  }).catch(() => {
    throw new Error('The sandbox does not answer. Is it still running?');
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok)
    throw new Error(answer.error?.message ?? `The sandbox answered ${response.status}.`);
  return answer;
}

/** Live events; `onState(false)` while the stream is down, `onState(true)` when everything is to be read anew. */
export function listen(onEvent, onState) {
  const source = new EventSource('/api/events');
  source.onopen = () => onState(true);
  source.onerror = () => onState(false);
  source.onmessage = ({ data }) => onEvent(JSON.parse(data));
}
