// The keys that sessions are signed with and known by: one that signs, and while it is being replaced one more that is believed.
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';

/** The one algorithm that is signed with and believed. */
export const algorithm = 'HS256';

export interface SessionKey {
  /** Signs. */
  readonly current: KeyObject;
  /** Names the key in the JWTs that it signs. */
  readonly id: string;
  /** The key that signed a token, by its header; for headers that we did not write, all of them. */
  of(token: string): readonly KeyObject[];
}

/** A KeyObject verifies fifty times faster than the string it is made from. */
const keyObject = (text: string): KeyObject => createSecretKey(Buffer.from(text, 'utf8'));

/** Tells keys apart, and nothing about them. */
const idOf = (key: KeyObject): string =>
  createHmac('sha256', key).update('key id').digest('base64url').slice(0, 8);

/** Our tokens' headers differ by their key only, so a header is known as it stands, undecoded. */
const headerOf = (key: KeyObject): string =>
  jwt.sign({}, key, { algorithm, keyid: idOf(key) }).split('.')[0] ?? '';

/**
 * @param jwtKey JWT_KEY, which signs
 * @param previous JWT_KEY_PREVIOUS, which is believed too: the old key after a change, the new one before it
 */
export function sessionKey(jwtKey: string, previous?: string): SessionKey {
  const keys = [jwtKey, ...(previous === undefined ? [] : [previous])].map(keyObject);
  const byHeader = new Map(keys.map((key) => [headerOf(key), [key]]));
  const [current = keyObject(jwtKey)] = keys;
  return {
    current,
    id: idOf(current),
    of: (token) => byHeader.get(token.slice(0, token.indexOf('.'))) ?? keys,
  };
}
