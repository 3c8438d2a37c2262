// Who is asking, and what is answered to what auth does not know.
import { createHmac } from 'node:crypto';
import { cookieFor, newId, refusalIn, testJwtKey } from '@ticketing/common/testing';
import request from 'supertest';
import { authSlice } from '../testing';

const { server, currentUser } = authSlice();
const user = { id: newId(), email: 'a@b.test' };

const base64 = (value: object | string): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const cookieWith = (session: unknown): string =>
  `session=${Buffer.from(JSON.stringify(session)).toString('base64')}`;

const hashes: Record<string, string> = { HS256: 'sha256', HS512: 'sha512' };
/** A session with these claims, signed with the right key unless told otherwise. */
function sessionOf(claims: object, alg = 'HS256', key = testJwtKey): string {
  const iat = Math.floor(Date.now() / 1000);
  const signed = `${base64({ alg, typ: 'JWT' })}.${base64({ iat, exp: iat + 60, ...claims })}`;
  const hash = hashes[alg];
  const signature = hash ? createHmac(hash, key).update(signed).digest('base64url') : '';
  return cookieWith({ jwt: `${signed}.${signature}` });
}

test('the signed-in person is answered id, e-mail and when they signed in, and nothing else', async () => {
  const before = Math.floor(Date.now() / 1000);
  const found = (await currentUser(cookieFor(user.id))) as { iat: number };
  expect(found).toEqual({ id: user.id, email: `${user.id}@people.test`, iat: expect.any(Number) });
  expect(found.iat).toBeGreaterThanOrEqual(before);
  expect(found.iat).toBeLessThanOrEqual(Date.now() / 1000);
});

test('a session is known by its signature alone', async () => {
  expect(await currentUser(sessionOf(user))).toEqual({ ...user, iat: expect.any(Number) });
});

test('without a cookie it is nobody', async () => {
  const answer = await request(server).get('/api/users/currentuser');
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({ currentUser: null });
});

test.each([
  ['of another key', sessionOf(user, 'HS256', 'another-key-that-nobody-here-knows-0123456789')],
  ['that is over', sessionOf({ ...user, exp: Math.floor(Date.now() / 1000) - 1 })],
  ['that is not signed', sessionOf(user, 'none')],
  ['signed by another algorithm', sessionOf(user, 'HS512')],
  ['without an id', sessionOf({ email: user.email })],
  ['with an id that is no text', sessionOf({ ...user, id: { $gt: '' } })],
  ['that is no JWT', cookieWith({ jwt: 'a.b.c' })],
  ['that is an object', cookieWith({ jwt: { id: user.id } })],
  ['that is no session', cookieWith('jwt')],
  ['that is null', cookieWith(null)],
  ['that is no base64 of JSON', 'session=%%%'],
])('a session %s is nobody', async (_what, cookie) => {
  const answer = await request(server).get('/api/users/currentuser').set('Cookie', cookie);
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({ currentUser: null });
});

test.each(['/api/users', '/api/users/nobody', '/api', '/api/users/signup/x', '/%00'])(
  '%s is no address here',
  async (path) => {
    expect(refusalIn(await request(server).get(path))).toEqual([404, 'request.route_not_found']);
  },
);

test('a known address asked in the wrong way is no address either', async () => {
  const refused = [404, 'request.route_not_found'];
  expect(refusalIn(await request(server).get('/api/users/signup'))).toEqual(refused);
  expect(refusalIn(await request(server).get('/api/users/signout'))).toEqual(refused);
  expect(refusalIn(await request(server).post('/api/users/currentuser').send({}))).toEqual(refused);
  expect(refusalIn(await request(server).delete('/api/users/currentuser'))).toEqual(refused);
});

test('a body over 100 kB, and one that is not JSON in UTF-8, are refused', async () => {
  const post = (type: string) => request(server).post('/api/users/signin').set('Content-Type', type);
  const large = JSON.stringify({ email: 'a'.repeat(102_400) });
  expect(refusalIn(await post('application/json').send(large))).toEqual([413, 'request.too_large']);
  const latin = await post('application/json; charset=iso-8859-1').send('{}');
  expect(refusalIn(latin)).toEqual([415, 'request.unsupported_body']);
  const form = await post('application/x-www-form-urlencoded').send('email=a@b.test&password=longenough');
  expect(refusalIn(form)).toEqual([400, 'request.invalid email', 'request.invalid password']);
});
