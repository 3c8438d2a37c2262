// Signed-in people for tests.
import { Types } from 'mongoose';
import { sessionKey, signSession } from '../http';

/** The JWT_KEY of every test. */
export const testJwtKey = 'a-jwt-key-that-only-the-tests-know-0123456789';

export const newId = (): string => String(new Types.ObjectId());

/** The `Cookie` header of somebody who is signed in. */
export function cookieFor(userId: string = newId(), jwtKey: string = testJwtKey): string {
  const jwt = signSession({ id: userId, email: `${userId}@people.test` }, sessionKey(jwtKey));
  return `session=${Buffer.from(JSON.stringify({ jwt })).toString('base64')}`;
}
