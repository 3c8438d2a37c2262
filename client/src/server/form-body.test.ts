import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { readForm } from './form-body';

const form = 'application/x-www-form-urlencoded';

function request(text: string, headers: Record<string, string>): IncomingMessage {
  return Object.assign(Readable.from([Buffer.from(text)]), { headers }) as unknown as IncomingMessage;
}

test('a form of ours is read', async () => {
  const values = { title: 'Ä & B', price: '1' };
  expect(await readForm(request('title=%C3%84+%26+B&price=1', { 'content-type': form }))).toEqual(values);
  const headers = { 'content-type': `${form}; charset=utf-8`, 'sec-fetch-site': 'same-origin' };
  expect(await readForm(request('title=x', headers))).toEqual({ title: 'x' });
});

test.each([
  ['of another site', 'a=1', { 'content-type': form, 'sec-fetch-site': 'cross-site' }],
  ['of a sister site', 'a=1', { 'content-type': form, 'sec-fetch-site': 'same-site' }],
  ['of another type', '{"a":1}', { 'content-type': 'application/json' }],
  ['of no type', 'a=1', {}],
  ['too long', `a=${'x'.repeat(30_000)}`, { 'content-type': form }],
])('a form %s is not', async (_what, text, headers) => {
  expect(await readForm(request(text, headers as Record<string, string>))).toBeUndefined();
});
