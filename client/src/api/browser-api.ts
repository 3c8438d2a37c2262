// The API as the browser reaches it: same origin, with the visitor's own cookie.
import { readAnswer, type Api } from './api';

const deadlineMs = 30_000;

export const browserApi: Api = async (method, path, body) => {
  const sentAt = Date.now();
  try {
    const response = await fetch(path, {
      method,
      cache: 'no-store',
      signal: AbortSignal.timeout(deadlineMs),
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return readAnswer(response.status, (name) => response.headers.get(name), await response.text(), sentAt);
  } catch {
    // Offline, cut off or too late: fetch tells them apart by prose only, and to a person they are one thing.
    return readAnswer(0, () => null, undefined, sentAt);
  }
};
