// Sessions that nobody was given: forged, altered, expired.
import { createHmac } from 'node:crypto';

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function sign(header: object, claims: object, key: string): string {
  const signed = `${encode(header)}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}

const cookieOf = (jwt: unknown): string =>
  `session=${Buffer.from(JSON.stringify({ jwt })).toString('base64')}`;

const hs256 = { alg: 'HS256', typ: 'JWT' };
const inAnHour = (): number => Math.floor(Date.now() / 1000) + 3600;
const claimsOf = (id: string) => ({ id, email: 'eve@people.test', iat: inAnHour() - 7200, exp: inAnHour() });

/** What the system itself would have signed for a person. @param key the system's */
export const validCookie = (id: string, key: string): string => cookieOf(sign(hs256, claimsOf(id), key));

/** `Cookie` headers that make nobody a person, by what is wrong with them. @param key the system's */
export const badCookies = (id: string, key: string): Record<string, string> => ({
  expired: cookieOf(sign(hs256, { ...claimsOf(id), exp: inAnHour() - 3601 }, key)),
  forged: cookieOf(sign(hs256, claimsOf(id), 'a key that is not the key of this system')),
  unsigned: cookieOf(`${encode({ alg: 'none' })}.${encode(claimsOf(id))}.`),
  nonsense: 'session=nonsense',
  operator: cookieOf({ $gt: '' }),
});
