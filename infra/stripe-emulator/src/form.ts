// Reads Stripe's form encoding (`metadata[orderId]=1&expand[]=latest_charge`) into nested objects.
import { createHash } from 'node:crypto';
import { invalidRequest } from './errors';

/** Lists are objects with the keys 0, 1, 2 … */
export interface FormData {
  [key: string]: string | FormData;
}

const maxDepth = 5;

// Without a prototype, a field called `__proto__` is a field like any other.
const emptyForm = (): FormData => Object.create(null) as FormData;

function put(form: FormData, path: string[], value: string): void {
  const [head = '', ...rest] = path;
  const key = head === '' ? String(Object.keys(form).length) : head;
  if (rest.length === 0) {
    form[key] = value;
    return;
  }
  const child = form[key];
  const nested = child === undefined || typeof child === 'string' ? emptyForm() : child;
  form[key] = nested;
  put(nested, rest, value);
}

function pathOf(name: string): string[] {
  const path = name.split('[').map((part, depth) => (depth === 0 ? part : part.replace(/\]$/, '')));
  if (path.length > maxDepth || path[0] === '') throw invalidRequest(`Invalid parameter name: ${name}`);
  return path;
}

export function parseForm(encoded: string): FormData {
  const form = emptyForm();
  for (const [name, value] of new URLSearchParams(encoded)) put(form, pathOf(name), value);
  return form;
}

/** The same parameters in another order are the same request. */
export function fingerprintOf(encoded: string): string {
  const pairs = [...new URLSearchParams(encoded)]
    .map(([name, value]) => JSON.stringify([name, value]))
    .sort();
  return createHash('sha256').update(pairs.join('\n')).digest('hex');
}
