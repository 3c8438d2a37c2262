// Coming back: right and wrong, and that nothing tells which e-mails are known.
import { refusalIn } from '@ticketing/common/testing';
import request from 'supertest';
import { authSlice, cookiesOf, goodPassword, newEmail, setCookies, type UserAnswer } from '../testing';

const { server, signUp, signIn, currentUser } = authSlice();

test('the right password signs in, with the e-mail as it was given at first', async () => {
  const email = `Some.One-${newEmail()}`;
  const { body: joined } = await signUp({ email });
  for (const typed of [email, email.toLowerCase(), email.toUpperCase(), ` ${email}`]) {
    const answer = await signIn({ email: typed });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(joined);
    expect(await currentUser(cookiesOf(answer))).toEqual({ ...(joined as object), iat: expect.any(Number) });
  }
});

test('a wrong password and an unknown e-mail are refused with the very same answer, and no cookie', async () => {
  const email = newEmail();
  await signUp({ email });
  const wrong = await signIn({ email, password: `${goodPassword}!` });
  const unknown = await signIn({ email: newEmail() });
  expect(refusalIn(wrong)).toEqual([400, 'auth.bad_credentials']);
  expect(unknown.body).toEqual(wrong.body);
  expect(unknown.status).toBe(wrong.status);
  expect([...setCookies(wrong), ...setCookies(unknown)]).toEqual([]);
});

test('a password is compared letter by letter, in its case and to its end', async () => {
  const email = newEmail();
  await signUp({ email, password: 'Correct Horse' });
  for (const password of ['correct horse', 'Correct Hors', 'Correct Horse ', 'Correct Horse\u0000']) {
    expect(refusalIn(await signIn({ email, password }))).toEqual([400, 'auth.bad_credentials']);
  }
});

test.each([{ $gt: '' }, { $ne: null }, ['a@b.test'], 7, true, null, undefined])(
  '%j is no e-mail and no password',
  async (wrong) => {
    const email = newEmail();
    await signUp({ email });
    expect(refusalIn(await signIn({ email, password: wrong ?? null }))).toEqual([
      400,
      'request.invalid password',
    ]);
    expect(refusalIn(await signIn({ email: wrong }))).toEqual([400, 'request.invalid email']);
  },
);

test('a short password is wrong, not invalid: which passwords are possible is no secret', async () => {
  const email = newEmail();
  await signUp({ email });
  expect(refusalIn(await signIn({ email, password: 'x' }))).toEqual([400, 'auth.bad_credentials']);
  expect(refusalIn(await signIn({ email, password: '' }))).toEqual([400, 'request.invalid password']);
});

test('two sign-ins at once both succeed', async () => {
  const email = newEmail();
  const { body: joined } = await signUp({ email });
  const answers = await Promise.all([signIn({ email }), signIn({ email })]);
  expect(answers.map(({ body }) => (body as UserAnswer).id)).toEqual(
    [joined, joined].map((body) => (body as UserAnswer).id),
  );
});

test('whoever asks who they are is answered while twenty passwords are being checked', async () => {
  const email = newEmail();
  const cookie = cookiesOf(await signUp({ email }));
  let pending = 20;
  let tellFirst: () => void = () => undefined;
  const first = new Promise<void>((resolve) => (tellFirst = resolve));
  const signIns = Array.from({ length: 20 }, async () => {
    expect((await signIn({ email })).status).toBe(200);
    pending--;
    tellFirst();
  });
  // By now all have arrived; a service that hashed in its only thread would answer nobody else before the last.
  await first;
  expect(await currentUser(cookie)).toMatchObject({ email });
  expect(pending).toBeGreaterThan(5);
  await Promise.all(signIns);
});

test('signing out clears the cookie, signed in or not', async () => {
  const cookie = cookiesOf(await signUp());
  for (const sent of [cookie, '']) {
    const answer = await request(server).post('/api/users/signout').set('Cookie', sent).send({});
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({});
    if (sent) {
      expect(setCookies(answer)[0]).toMatch(/^session=; .*expires=Thu, 01 Jan 1970/);
      expect(await currentUser(cookiesOf(answer))).toBeNull();
    }
  }
});
