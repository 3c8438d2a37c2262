// A form sent without JavaScript: read whole, of a bounded size, and from our own pages only.
import type { IncomingMessage } from 'node:http';

const maxBytes = 20_000;

export type FormValues = Record<string, string>;

/** Undefined for what is no form of ours. */
export async function readForm(request: IncomingMessage): Promise<FormValues | undefined> {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return undefined;
  if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return undefined;
  let text = '';
  for await (const chunk of request.setEncoding('utf8') as AsyncIterable<string>) {
    text += chunk;
    if (text.length > maxBytes) return undefined;
  }
  return Object.fromEntries(new URLSearchParams(text));
}
