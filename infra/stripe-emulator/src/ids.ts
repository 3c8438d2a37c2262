// Random identifiers that look like Stripe's own: a prefix for the kind, then letters and digits.
import { randomBytes } from 'node:crypto';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export type IdPrefix = 'pi_3' | 'ch_3' | 're_3' | 'pm_1' | 'evt_3' | 'req_' | 'tok_1';

const randomText = (length: number): string =>
  Array.from(randomBytes(length), (byte) => alphabet.charAt(byte % alphabet.length)).join('');

export const newId = (prefix: IdPrefix): string => `${prefix}${randomText(prefix === 'req_' ? 14 : 23)}`;

export const newClientSecret = (intentId: string): string => `${intentId}_secret_${randomText(25)}`;
