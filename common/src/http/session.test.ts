import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import jwt from 'jsonwebtoken';
import request from 'supertest';
import { appWith } from '../testing/app';
import { cookieFor, newId, testJwtKey } from '../testing/session';
import { endSession, requireUser, signSession, startSession, userOf } from './session';
import { sessionKey } from './session-key';

const key = sessionKey(testJwtKey);
const user = { id: newId(), email: 'anna@people.test' };

const app = appWith((router) => {
  router.get('/who', (asked, response) => void response.json({ who: asked.currentUser ?? null }));
  router.get('/mine', requireUser, (asked, response) => void response.json({ mine: userOf(asked).id }));
  router.post('/session', (asked, response) => {
    startSession(asked, user, key);
    response.json({});
  });
  router.delete('/session', (asked, response) => {
    endSession(asked);
    response.json({});
  });
});

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const base64url = (text: string): string => Buffer.from(text).toString('base64url');
const cookieWith = (token: unknown): string => `session=${base64(JSON.stringify({ jwt: token }))}`;
// One server for all: supertest opens another for each request to a bare app, and a crowd of those can lose one.
const server = createServer(app);
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));

const who = async (cookie: string): Promise<unknown> => {
  const answer = await request(server).get('/api/things/who').set('Cookie', cookie);
  expect(answer.status).toBe(200);
  return (answer.body as { who: unknown }).who;
};

describe('A session', () => {
  test('tells who is asking, from sign-in to sign-out', async () => {
    const browser = request.agent(app);
    await browser.post('/api/things/session');
    const { body } = await browser.get('/api/things/who');
    expect(body).toEqual({ who: { ...user, iat: expect.any(Number) as number } });

    const signedOut = await browser.delete('/api/things/session');
    expect(signedOut.get('Set-Cookie')?.[0]).toMatch(/^session=;.*expires=Thu, 01 Jan 1970/);
    expect((await browser.get('/api/things/who')).body).toEqual({ who: null });
  });

  test('lasts seven days, and says when it began in seconds', () => {
    const claims = jwt.decode(signSession(user, key)) as jwt.JwtPayload;
    expect(claims).toMatchObject(user);
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(7 * 24 * 60 * 60);
    expect(Math.abs((claims.iat ?? 0) - Date.now() / 1000)).toBeLessThan(5);
  });

  test('is asked for where one must be signed in', async () => {
    const refused = await request(app).get('/api/things/mine');
    const errors = [{ message: 'Please sign in first.', code: 'session.not_signed_in' }];
    expect([refused.status, refused.body]).toEqual([401, { errors }]);
    const answer = await request(app).get('/api/things/mine').set('Cookie', cookieFor(user.id));
    expect([answer.status, answer.body]).toEqual([200, { mine: user.id }]);
  });

  test('that nobody has begun sets no cookie', async () => {
    const answer = await request(app).get('/api/things/who');
    expect(answer.headers).not.toHaveProperty('set-cookie');
  });
});

describe('Nobody is signed in by', () => {
  const claims = { id: user.id, email: user.email };
  const now = Math.floor(Date.now() / 1000);
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const [header, payload, signature] = signSession(user, key).split('.') as [string, string, string];
  const sign = (given: string | object, options: jwt.SignOptions = {}): string =>
    jwt.sign(given, key.current, { algorithm: 'HS256', ...options });

  const tokens: [string, unknown][] = [
    ['a JWT of another key', jwt.sign(claims, 'another key that is long enough for HS256')],
    ['an unsigned JWT', jwt.sign(claims, '', { algorithm: 'none' })],
    ['a JWT without its signature', `${header}.${payload}.`],
    ['a JWT that says none and keeps a signature', `${base64url('{"alg":"none"}')}.${payload}.${signature}`],
    ['our key with HS512', sign(claims, { algorithm: 'HS512' })],
    ['RS256', jwt.sign(claims, rsa, { algorithm: 'RS256' })],
    ['other claims under a good signature', `${header}.${base64url('{"id":"1"}')}.${signature}`],
    ['an expired JWT', sign({ ...claims, iat: now - 100, exp: now - 1 })],
    ['a JWT of tomorrow', sign({ ...claims, nbf: now + 1000 })],
    ['a JWT that is a text', sign('just a text')],
    ['a JWT whose payload is no JSON', `${header}.${base64url('{"id":')}.${signature}`],
    ['a JWT whose payload is null', `${header}.${base64url('null')}.${signature}`],
    ['a JWT whose header is no JSON', `${base64url('{"alg"')}.${payload}.${signature}`],
    ['a JWT whose header is null', `${base64url('null')}.${payload}.${signature}`],
    ['an id that is a number', sign({ ...claims, id: 17 })],
    ['an id that is a query', sign({ ...claims, id: { $gt: '' } })],
    ['no id', sign({ email: user.email })],
    ['an e-mail that is a list', sign({ ...claims, email: [user.email] })],
    ['no iat', sign(claims, { noTimestamp: true })],
    ['two dots', '..'],
    ['an empty JWT', ''],
    ['a JWT that is an object', { toString: 'x' }],
    ['a JWT that is a number', 17],
    ['a JWT that is null', null],
    ['ten thousand dots', '.'.repeat(10_000)],
  ];
  test.each(tokens)('%s', async (_what, token) => {
    expect(await who(cookieWith(token))).toBeNull();
  });

  test.each([
    ['no session', 'other=1'],
    ['an empty one', 'session='],
    ['one that is no base64', 'session=%%%'],
    ['one that is no JSON', `session=${base64('{"jwt":')}`],
    ['one that is null', `session=${base64('null')}`],
    ['one that is a list', `session=${base64('[1,2]')}`],
    ['one that is a text', `session=${base64('"jwt"')}`],
    ["one with a session's own properties", `session=${base64('{"isNew":true,"_ctx":1,"__proto__":{}}')}`],
    ['one that names prototypes', `session=${base64('{"__proto__":{"jwt":"x"},"constructor":1}')}`],
    ['one of bytes', `session=${Buffer.from([0, 255, 254, 128]).toString('base64')}`],
  ])('a cookie with %s', async (_what, cookie) => {
    expect(await who(cookie)).toBeNull();
  });

  test('any of a thousand spoilt copies of a good cookie', async () => {
    const good = signSession(user, key);
    const digits = 'ABCDwxyz0189-_.=';
    const spoilt = Array.from({ length: 1000 }, (_, i) => {
      // Never the last digit: its lowest bits belong to no byte, so another one there may mean the same.
      const place = (i * 7919) % (good.length - 1);
      const digit =
        Array.from(digits).find((candidate, at) => candidate !== good[place] && at >= i % 8) ?? '!';
      return good.slice(0, place) + digit + good.slice(place + 1);
    });
    const wrong: string[] = [];
    const asker = async (): Promise<void> => {
      for (let token = spoilt.pop(); token !== undefined; token = spoilt.pop()) {
        if ((await who(cookieWith(token))) !== null) wrong.push(token);
      }
    };
    await Promise.all(Array.from({ length: 20 }, asker));
    expect(spoilt).toEqual([]);
    expect(wrong).toEqual([]);
  });
});

describe('The cookie', () => {
  const signIn = async (headers: Record<string, string>, trustProxy?: string): Promise<string> => {
    const target = trustProxy === undefined ? app : appSigning(trustProxy);
    const answer = await request(target).post('/api/things/session').set(headers);
    return answer.get('Set-Cookie')?.[0] ?? '';
  };
  const appSigning = (trustProxy: string) =>
    appWith(
      (router) => {
        router.post('/session', (asked, response) => {
          startSession(asked, user, key);
          response.json({});
        });
      },
      { trustProxy },
    );

  test('is kept from scripts and from other sites, for seven days', async () => {
    const cookie = await signIn({});
    expect(cookie).toMatch(/^session=[A-Za-z0-9+/=]+; path=\/; expires=.*; samesite=lax; httponly$/);
    const expires = Date.parse(/expires=([^;]+)/.exec(cookie)?.[1] ?? '');
    expect(Math.abs(expires - Date.now() - 7 * 86_400_000)).toBeLessThan(5000);
  });

  test('is secure exactly when a proxy that we trust was asked over https', async () => {
    expect(await signIn({ 'X-Forwarded-Proto': 'https' })).toContain('; secure;');
    expect(await signIn({ 'X-Forwarded-Proto': 'http' })).not.toContain('secure');
    expect(await signIn({})).not.toContain('secure');
    expect(await signIn({ 'X-Forwarded-Proto': 'https' }, '10.0.0.0/8')).not.toContain('secure');
    expect(await signIn({ 'X-Forwarded-Proto': 'https' }, '10.0.0.0/8, loopback')).toContain('; secure;');
  });
});
