import type { Answer, Api } from '../api/api';
import { checkCredentials, checkNewPassword, signIn, signUp } from './enter';

const heard = { serverTime: undefined, sentAt: 0, heardAt: 0 };
const good = { email: ' a@b.test ', password: 'a long password', next: '/orders/1' };

/** An API that always answers the same, and remembers what it was asked. */
function answering(answer: object): { api: Api; asked: unknown[] } {
  const asked: unknown[] = [];
  const api: Api = <T>(...question: unknown[]) => {
    asked.push(question);
    return Promise.resolve({ ...heard, ...answer } as unknown as Answer<T>);
  };
  return { api, asked };
}

test('who signs in is back where they were', async () => {
  const { api, asked } = answering({ ok: true, status: 200, body: {} });
  expect(await signIn(api, good)).toEqual({ goTo: '/orders/1' });
  expect(asked).toEqual([['POST', '/api/users/signin', { email: 'a@b.test', password: good.password }]]);
  expect(await signIn(api, { ...good, next: '//evil.example' })).toEqual({ goTo: '/' });
});

test('what cannot be right is not sent', async () => {
  const { api, asked } = answering({ ok: true, status: 201, body: {} });
  expect(await signUp(api, { ...good, password: 'short' })).toEqual({
    problems: { password: expect.stringContaining('8') },
  });
  expect(asked).toEqual([]);
  expect(checkCredentials({})).toEqual({ email: expect.any(String), password: expect.any(String) });
  expect(checkNewPassword({ password: 'x'.repeat(128) })).toEqual({});
  expect(Object.keys(checkNewPassword({ password: 'x'.repeat(129) }))).toEqual(['password']);
});

test('a refusal is shown at its field, or above the form', async () => {
  const refusing = (error: object): Api => answering({ ok: false, status: 400, errors: [error] }).api;
  expect(await signUp(refusing({ message: 'In use.', code: 'x', field: 'email' }), good)).toMatchObject({
    problems: { email: 'In use.' },
  });
  expect(await signUp(refusing({ message: 'Wrong.', code: 'auth.bad_credentials' }), good)).toMatchObject({
    problems: { form: 'Wrong.' },
    isSignedOut: false,
  });
});
