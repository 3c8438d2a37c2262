// Sessions: a cookie `session` that holds a JWT. It is verified without asking anybody; see EndedSessions for how it ends.
import { randomUUID } from 'node:crypto';
import cookieSession from 'cookie-session';
import type { RequestHandler, Request } from 'express';
import jwt from 'jsonwebtoken';
import { NotSignedIn } from './refusal';
import { algorithm, type SessionKey } from './session-key';

/** How long a session lasts without signing in again. */
export const sessionDays = 7;

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- the way express's types are extended
  namespace Express {
    interface Request {
      /** Set by `session` when the cookie's JWT holds. */
      currentUser?: CurrentUser;
      /** The session itself, with `currentUser`. */
      openSession?: OpenSession;
    }
  }
}

/** Who is asking: the claims of the session's JWT. `iat` is in seconds since 1970. */
export interface CurrentUser {
  id: string;
  email: string;
  iat: number;
}

/** What tells a session from others. */
export interface OpenSession {
  id: string;
  userId: string;
  /** How often its person had changed their password when it began. */
  epoch: number;
  /** When it is over by itself, in seconds since 1970. */
  exp: number;
}

/** Knows which sessions were ended before their time. Asked at every request, so it answers from memory. */
export interface SessionEndings {
  isEnded(session: OpenSession): boolean;
}

export interface SessionUser {
  id: string;
  email: string;
  /** See OpenSession; 0 unless told. */
  epoch?: number;
}

/** Signs the JWT of a session. */
export function signSession({ id, email, epoch = 0 }: SessionUser, key: SessionKey): string {
  const options = { algorithm, keyid: key.id, expiresIn: `${sessionDays}d` } as const;
  return jwt.sign({ id, email, sid: randomUUID(), epoch }, key.current, options);
}

/** Signs a user in: the answer sets the cookie. */
export function startSession(request: Request, user: SessionUser, key: SessionKey): void {
  request.session = { jwt: signSession(user, key) };
}

/** Signs out: the answer clears the cookie. */
export function endSession(request: Request): void {
  request.session = null;
}

interface Verified {
  user: CurrentUser;
  session: OpenSession;
}

function verifySession(token: unknown, key: SessionKey): Verified | undefined {
  if (typeof token !== 'string') return undefined;
  for (const each of key.of(token)) {
    try {
      const claims = jwt.verify(token, each, { algorithms: [algorithm] });
      return typeof claims === 'string' ? undefined : sessionIn(claims);
    } catch (error) {
      // Forged, expired or not even JSON: to us, nobody. Anything else is ours to hear of.
      if (!(error instanceof jwt.JsonWebTokenError || error instanceof SyntaxError)) throw error;
    }
  }
  return undefined;
}

function sessionIn(claims: Record<string, unknown>): Verified | undefined {
  const { id, email, iat, exp, sid, epoch = 0 } = claims;
  const isWhole = typeof id === 'string' && typeof email === 'string' && typeof iat === 'number';
  if (!isWhole || typeof exp !== 'number' || typeof epoch !== 'number') return undefined;
  // Sessions from before they had ids are told apart by their person and second.
  const session = { id: typeof sid === 'string' ? sid : `${id}-${iat}`, userId: id, epoch, exp };
  return { user: { id, email, iat }, session };
}

/**
 * Reads the session cookie and sets `request.currentUser` when its JWT holds.
 *
 * @param endings which sessions were ended before their time; none where it is not given
 */
export function session(key: SessionKey, endings?: SessionEndings): RequestHandler[] {
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
      const verified = verifySession(request.session?.['jwt'], key);
      if (verified && !endings?.isEnded(verified.session)) {
        request.currentUser = verified.user;
        request.openSession = verified.session;
      }
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
