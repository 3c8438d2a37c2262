// Joining: what is accepted, what is stored, and that an e-mail is taken once.
import { refusalIn } from '@ticketing/common/testing';
import request from 'supertest';
import { authSlice, cookiesOf, goodPassword, newEmail, setCookies, type UserAnswer } from '../testing';
import { EmailInUse } from './refusals';
import type { User } from './user';

const { server, users, signUp, signIn, currentUser } = authSlice();

const storedAs = (email: string) => users.find({ email }).lean<User[]>().exec();

test('whoever signs up is answered their id and e-mail, and is signed in', async () => {
  const email = newEmail();
  const answer = await signUp({ email });
  expect(answer.status).toBe(201);
  expect(answer.body).toEqual({ id: expect.stringMatching(/^[0-9a-f]{24}$/), email });
  const { id } = answer.body as UserAnswer;
  expect(await currentUser(cookiesOf(answer))).toEqual({ id, email, iat: expect.any(Number) });
});

test('the session cookie is out of the reach of scripts and of other sites, and secure when served over https', async () => {
  const [plain = ''] = setCookies(await signUp());
  expect(plain).toMatch(/^session=[^;]+;/);
  expect(plain).toMatch(/; path=\/(;|$)/);
  expect(plain).toMatch(/; samesite=lax(;|$)/);
  expect(plain).toMatch(/; httponly(;|$)/);
  expect(plain).not.toMatch(/; secure/);
  const [secure] = setCookies(await signUp().set('X-Forwarded-Proto', 'https'));
  expect(secure).toMatch(/; secure(;|$)/);
});

test('the password is stored as an argon2id hash of its own salt and answered by nothing', async () => {
  const password = 'the same for both';
  const [one, other] = [await signUp({ password }), await signUp({ password })];
  const hashes = await Promise.all(
    [one, other].map(async ({ body }) => (await storedAs((body as UserAnswer).email))[0]?.passwordHash),
  );
  for (const hash of hashes) expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$.{22}\$.{43}$/);
  expect(hashes[0]).not.toBe(hashes[1]);
  expect(JSON.stringify([one.body, one.headers])).not.toMatch(/argon2|hash|the same/i);
  const claims = Buffer.from(cookiesOf(one).replace('session=', ''), 'base64').toString();
  expect(claims).not.toMatch(/argon2|hash|the same/i);
});

test.each([8, 128])('a password of %i characters is accepted', async (length) => {
  const password = 'p'.repeat(length);
  const email = newEmail();
  expect((await signUp({ email, password })).status).toBe(201);
  expect((await signIn({ email, password })).status).toBe(200);
});

test.each([
  [8, 201],
  [128, 201],
  [7, 400],
  [129, 400],
])('a password is counted in characters, whatever they are made of: %i tickets', async (length, status) => {
  expect((await signUp({ password: '🎫'.repeat(length) })).status).toBe(status);
});

test('spaces around a password belong to it', async () => {
  const email = newEmail();
  await signUp({ email, password: ` ${goodPassword} ` });
  expect((await signIn({ email, password: ` ${goodPassword} ` })).status).toBe(200);
  expect(refusalIn(await signIn({ email, password: goodPassword }))).toEqual([400, 'auth.bad_credentials']);
});

const wrongPasswords = ['', 'seven77', 'p'.repeat(129), 12345678, null, true, ['p'.repeat(8)], { $gt: '' }];
test.each(wrongPasswords)('no password: %j', async (password) => {
  const email = newEmail();
  expect(refusalIn(await signUp({ email, password }))).toEqual([400, 'request.invalid password']);
  expect(await storedAs(email)).toEqual([]);
});

const wrongEmails = ['', 'nobody', 'a@', '@b.test', 'a b@c.test', `${'a'.repeat(255)}@b.test`, 7, null];
test.each([...wrongEmails, { $gt: '' }, ['a@b.test'], [['a@b.test']]])('no e-mail: %j', async (email) => {
  const answer = await signUp({ email });
  expect(refusalIn(answer)).toEqual([400, 'request.invalid email']);
  expect(setCookies(answer)).toEqual([]);
});

test.each([undefined, {}, [], '', '{', 'null', '"text"'])('a body of %j is refused', async (body) => {
  const answer = await request(server)
    .post('/api/users/signup')
    .set('Content-Type', 'application/json')
    .send(body);
  expect(refusalIn(answer)).toEqual(
    body === '{' || body === 'null' || body === '"text"'
      ? [400, 'request.malformed_json']
      : [400, 'request.invalid email', 'request.invalid password'],
  );
});

test('what nobody asked for is not stored', async () => {
  const email = newEmail();
  await signUp({ email, _id: 'a'.repeat(24), passwordHash: 'mine', isAdmin: true });
  const [user] = await storedAs(email);
  expect(Object.keys(user ?? {}).sort()).toEqual(['_id', 'email', 'passwordHash']);
  expect(String(user?._id)).not.toBe('a'.repeat(24));
  expect(user?.passwordHash).toMatch(/^\$argon2id/);
});

test('an e-mail is in use whatever its case, and spaces around it are not part of it', async () => {
  const email = newEmail();
  expect((await signUp({ email: ` ${email} ` })).body).toMatchObject({ email });
  for (const again of [email, email.toUpperCase(), `${email}  `]) {
    const answer = await signUp({ email: again });
    expect(refusalIn(answer)).toEqual([400, 'auth.email_in_use email']);
    expect(setCookies(answer)).toEqual([]);
  }
});

test('of 20 simultaneous sign-ups with one e-mail, in several cases, exactly one wins', async () => {
  const email = newEmail();
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      signUp({ email: i % 2 ? email : email.toUpperCase(), password: `password ${i}` }),
    ),
  );
  const winners = answers.filter(({ status }) => status === 201);
  expect(winners).toHaveLength(1);
  const losers = answers.filter((answer) => !winners.includes(answer)).map(refusalIn);
  expect(losers).toEqual(Array.from({ length: 19 }, () => [400, `${EmailInUse.code} email`]));
  const stored = await users.find({ email: { $in: [email, email.toUpperCase()] } }).lean<User[]>();
  expect(stored.map(({ _id }) => String(_id))).toEqual([(winners[0]?.body as UserAnswer).id]);
  // The winner's password is the one that counts.
  const index = answers.findIndex(({ status }) => status === 201);
  expect((await signIn({ email, password: `password ${index}` })).status).toBe(200);
});

test('nothing else in the body is believed', async () => {
  const [email, _id] = [newEmail(), '0123456789abcdef01234567'];
  const answer = await signUp({ email, _id, id: _id, epoch: 99, passwordHash: 'none', iat: 1, sid: 'mine' });
  expect(answer.status).toBe(201);
  const [stored, ...more] = await storedAs(email);
  expect(more).toEqual([]);
  expect(Object.keys(stored ?? {}).sort()).toEqual(['_id', 'email', 'passwordHash']);
  expect(String(stored?._id)).not.toBe(_id);
  expect(stored?.passwordHash).toMatch(/^\$argon2id/);
  expect((await signIn({ email })).status).toBe(200);
});
