// Sessions: a cookie `session` that holds a JWT. No service keeps session state.
import { createSecretKey, type KeyObject } from 'node:crypto';
import cookieSession from 'cookie-session';
import type { RequestHandler, Request } from 'express';
import jwt from 'jsonwebtoken';
import { NotSignedIn } from './refusal';

/** How long a session lasts without signing in again. */
export const sessionDays = 7;

const algorithm = 'HS256';

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- the way express's types are extended
  namespace Express {
    interface Request {
      /** Set by `session` when the cookie's JWT holds. */
      currentUser?: CurrentUser;
    }
  }
}

/** Who is asking: the claims of the session's JWT. `iat` is in seconds since 1970. */
export interface CurrentUser {
  id: string;
  email: string;
  iat: number;
}

/** A KeyObject verifies fifty times faster than the string it is made from. */
export const sessionKey = (jwtKey: string): KeyObject => createSecretKey(Buffer.from(jwtKey, 'utf8'));

/** Signs the JWT of a session. */
export function signSession(user: { id: string; email: string }, key: KeyObject): string {
  return jwt.sign({ id: user.id, email: user.email }, key, { algorithm, expiresIn: `${sessionDays}d` });
}

/** Signs a user in: the answer sets the cookie. */
export function startSession(request: Request, user: { id: string; email: string }, key: KeyObject): void {
  request.session = { jwt: signSession(user, key) };
}

/** Signs out: the answer clears the cookie. */
export function endSession(request: Request): void {
  request.session = null;
}

function verifySession(token: unknown, key: KeyObject): CurrentUser | undefined {
  if (typeof token !== 'string') return undefined;
  try {
    const claims = jwt.verify(token, key, { algorithms: [algorithm] });
    if (typeof claims === 'string') return undefined;
    const { id, email, iat } = claims as Record<string, unknown>;
    const isWhole = typeof id === 'string' && typeof email === 'string' && typeof iat === 'number';
    return isWhole ? { id, email, iat } : undefined;
  } catch (error) {
    // Forged, expired or not even JSON: to us, nobody. Anything else is ours to hear of.
    if (error instanceof jwt.JsonWebTokenError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Reads the session cookie and sets `request.currentUser` when its JWT holds. */
export function session(key: KeyObject): RequestHandler[] {
  // `secure` is left to the cookies module, which decides by the request's own protocol (see TRUST_PROXY).
  const cookie = cookieSession({
    name: 'session',
    signed: false,
    httpOnly: true,
    sameSite: 'lax',
    maxAge: sessionDays * 24 * 60 * 60 * 1000,
  });
  return [
    cookie,
    (request, _response, next) => {
      const user = verifySession(request.session?.['jwt'], key);
      if (user) request.currentUser = user;
      next();
    },
  ];
}

/** Refuses whoever is not signed in, before anything else is looked at. */
export const requireUser: RequestHandler = (request, _response, next) => {
  userOf(request);
  next();
};

/** The signed-in user; throws NotSignedIn. */
export function userOf(request: Request): CurrentUser {
  if (!request.currentUser) throw new NotSignedIn();
  return request.currentUser;
}
