// Reads one request's parameters with Stripe's checks; whatever nobody asked for is refused as unknown.
import type { FormData } from './form';
import { invalidParam, missingParam } from './errors';

type Metadata = Record<string, string>;

export class Params {
  private readonly known = new Set<string>();
  private readonly children: Params[] = [];

  constructor(
    private readonly form: FormData,
    private readonly prefix = '',
  ) {}

  nameOf(key: string): string {
    return this.prefix === '' ? key : `${this.prefix}[${key}]`;
  }

  has(key: string): boolean {
    return this.form[key] !== undefined;
  }

  isText(key: string): boolean {
    return typeof this.form[key] === 'string';
  }

  string(key: string): string | undefined {
    this.known.add(key);
    const value = this.form[key];
    if (value === undefined) return undefined;
    if (typeof value !== 'string') throw invalidParam(this.nameOf(key), 'Invalid string');
    if (value !== '') return value;
    throw invalidParam(
      this.nameOf(key),
      `You passed an empty string for '${this.nameOf(key)}'. We assume empty values are an attempt to unset a ` +
        `parameter; however '${this.nameOf(key)}' cannot be unset. You should remove '${this.nameOf(key)}' from ` +
        'your request or supply a non-empty value.',
      'parameter_invalid_empty',
    );
  }

  requiredString(key: string): string {
    const value = this.string(key);
    if (value === undefined) throw missingParam(this.nameOf(key));
    return value;
  }

  integer(key: string): number | undefined {
    const value = this.string(key);
    if (value === undefined) return undefined;
    if (/^-?\d{1,15}$/.test(value)) return Number(value);
    throw invalidParam(this.nameOf(key), `Invalid integer: ${value}`, 'parameter_invalid_integer');
  }

  requiredInteger(key: string): number {
    const value = this.integer(key);
    if (value === undefined) throw missingParam(this.nameOf(key));
    return value;
  }

  boolean(key: string): boolean | undefined {
    const value = this.string(key);
    if (value === undefined) return undefined;
    if (value === 'true' || value === 'false') return value === 'true';
    throw invalidParam(this.nameOf(key), `Invalid boolean: ${value}`);
  }

  oneOf<T extends string>(key: string, choices: readonly T[]): T | undefined {
    const value = this.string(key);
    if (value === undefined) return undefined;
    const choice = choices.find((candidate) => candidate === value);
    if (choice !== undefined) return choice;
    throw invalidParam(this.nameOf(key), `Invalid ${this.nameOf(key)}: must be one of ${choices.join(', ')}`);
  }

  list(key: string): string[] | undefined {
    this.known.add(key);
    const value = this.form[key];
    if (value === undefined) return undefined;
    const items = typeof value === 'string' ? [value] : Object.values(value);
    return items.map((item) => {
      if (typeof item === 'string') return item;
      throw invalidParam(this.nameOf(key), 'Invalid array');
    });
  }

  group(key: string): Params | undefined {
    this.known.add(key);
    const value = this.form[key];
    if (value === undefined) return undefined;
    if (typeof value === 'string') throw invalidParam(this.nameOf(key), 'Invalid object');
    const child = new Params(value, this.nameOf(key));
    this.children.push(child);
    return child;
  }

  /** What is there, changed by what is passed: an empty value unsets a key, an empty `metadata` all of them. */
  metadata(current: Metadata = {}): Metadata {
    this.known.add('metadata');
    const passed = this.form['metadata'];
    if (passed === undefined) return current;
    if (passed === '') return {};
    if (typeof passed === 'string') throw invalidParam('metadata', 'Invalid object');
    const merged = new Map(Object.entries(current));
    for (const [key, value] of Object.entries(passed)) {
      const param = `metadata[${key}]`;
      if (typeof value !== 'string') throw invalidParam(param, 'Metadata values must be strings');
      if (key.length > 40) throw invalidParam(param, 'Metadata keys can have up to 40 characters');
      if (value.length > 500) throw invalidParam(param, 'Metadata values can have up to 500 characters');
      if (value === '') merged.delete(key);
      else merged.set(key, value);
    }
    if (merged.size > 50) throw invalidParam('metadata', 'You can specify up to 50 metadata keys');
    return Object.fromEntries(merged);
  }

  /** Call it once everything is read: a misspelt parameter is refused, never ignored. */
  refuseUnknown(): void {
    for (const key of Object.keys(this.form)) {
      if (this.known.has(key)) continue;
      const name = this.nameOf(key);
      throw invalidParam(name, `Received unknown parameter: ${name}`, 'parameter_unknown');
    }
    for (const child of this.children) child.refuseUnknown();
  }
}
