import { createSecretKey } from 'node:crypto';
import jwt from 'jsonwebtoken';
import request from 'supertest';
import { appWith } from '../testing/app';
import { newId } from '../testing/session';
import { signSession } from './session';
import { sessionKey } from './session-key';

const [oldKey, newKey, strangersKey] = ['o', 'n', 's'].map((letter) => letter.repeat(40)) as [
  string,
  string,
  string,
];
const user = { id: newId(), email: 'anna@people.test' };

/** Who a service with these keys takes the bearer of a token for. */
async function who(token: string, ...keys: [string, string?]): Promise<unknown> {
  const app = appWith(
    (router) =>
      router.get('/', (asked, response) => void response.json({ id: asked.currentUser?.id ?? null })),
    { key: sessionKey(...keys) },
  );
  const cookie = `session=${Buffer.from(JSON.stringify({ jwt: token })).toString('base64')}`;
  return ((await request(app).get('/api/things').set('Cookie', cookie)).body as { id: unknown }).id;
}
const signedWith = (...keys: [string, string?]) => signSession(user, sessionKey(...keys));

test('a key is changed without signing anybody out, whichever replica is asked in the middle of it', async () => {
  // Before, on the way there in two roll-outs, and after a week.
  const steps: [string, string?][] = [[oldKey], [oldKey, newKey], [newKey, oldKey], [newKey]];
  for (const [i, keys] of steps.entries()) {
    const token = signedWith(...keys);
    for (const others of steps.slice(Math.max(0, i - 1), i + 2)) {
      // In the last step those of the old key have been over for long.
      const isSpent = i === 1 && others === steps[3];
      if (!isSpent) expect(await who(token, ...others)).toBe(user.id);
    }
  }
});

test('a key that was taken away is believed no longer', async () => {
  expect(await who(signedWith(oldKey), newKey)).toBeNull();
  expect(await who(signedWith(strangersKey), newKey, oldKey)).toBeNull();
  expect(await who(signedWith(strangersKey, newKey), newKey, oldKey)).toBeNull();
});

test('sessions from before keys had names go on, of either key', async () => {
  for (const text of [oldKey, newKey]) {
    const token = jwt.sign(user, createSecretKey(Buffer.from(text)), { algorithm: 'HS256', expiresIn: '1d' });
    expect(await who(token, newKey, oldKey)).toBe(user.id);
  }
  const stranger = jwt.sign(user, createSecretKey(Buffer.from(strangersKey)), { expiresIn: '1d' });
  expect(await who(stranger, newKey, oldKey)).toBeNull();
});

test('a token says which key it was signed with, and lies about it in vain', async () => {
  const keyid = jwt.decode(signedWith(newKey), { complete: true })?.header.kid ?? '';
  expect(keyid).toMatch(/^[\w-]{8}$/);
  expect(keyid).not.toBe(jwt.decode(signedWith(oldKey), { complete: true })?.header.kid);
  const forged = jwt.sign(user, strangersKey, { algorithm: 'HS256', keyid, expiresIn: '1d' });
  expect(await who(forged, newKey, oldKey)).toBeNull();
  const unsigned = jwt.sign(user, '', { algorithm: 'none', keyid, expiresIn: '1d' });
  expect(await who(unsigned, newKey)).toBeNull();
});

test('a session that never ends is none', async () => {
  const endless = jwt.sign(user, createSecretKey(Buffer.from(newKey)), { algorithm: 'HS256' });
  expect(await who(endless, newKey)).toBeNull();
});
