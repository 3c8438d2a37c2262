// A session that was ended is worth nothing, whoever has kept its cookie, at every replica, and after a restart.
import { createServer } from 'node:http';
import { SessionEnded } from '@ticketing/common';
import { eventually, newId, refusalIn } from '@ticketing/common/testing';
import request from 'supertest';
import { configFrom } from '../config';
import { createService } from '../service';
import { authSlice, cookiesOf, goodPassword, newEmail } from '../testing';

const { server, env, connection, signUp, signIn, currentUser } = authSlice();
const newPassword = 'a new horse, correct';

/** Another replica, or this one after a restart: it knows what the database knows. */
async function replica() {
  const service = createService(configFrom({ ...env, INSTANCE_ID: newId() }));
  await service.start(['database', 'ended-sessions']);
  const another = createServer(service.app);
  await new Promise<void>((resolve) => another.listen(0, '127.0.0.1', resolve));
  return {
    knows: async (cookie: string): Promise<boolean> => {
      const { body } = await request(another).get('/api/users/currentuser').set('Cookie', cookie);
      return (body as { currentUser: unknown }).currentUser !== null;
    },
    stop: async () => {
      await new Promise((resolve) => another.close(resolve));
      await service.stop();
    },
  };
}
const isKnown = async (cookie: string): Promise<boolean> => (await currentUser(cookie)) !== null;
const post = (path: string, cookie: string, body: object = {}) =>
  request(server).post(`/api/users/${path}`).set('Cookie', cookie).send(body);
const change = (cookie: string, given: object = {}) =>
  post('password', cookie, { currentPassword: goodPassword, newPassword, ...given });

describe('Signing out', () => {
  test('ends this session everywhere, and no other of the same person', async () => {
    const email = newEmail();
    const phone = cookiesOf(await signUp({ email }));
    const laptop = cookiesOf(await signIn({ email }));
    const another = await replica();
    try {
      expect(await another.knows(laptop)).toBe(true);
      expect((await post('signout', laptop)).body).toEqual({});
      expect(await isKnown(laptop)).toBe(false);
      expect(await isKnown(phone)).toBe(true);
      await eventually(async () => {
        expect(await another.knows(laptop)).toBe(false);
      }, 2500);
      expect(await another.knows(phone)).toBe(true);
      const restarted = await replica();
      expect(await restarted.knows(laptop)).toBe(false);
      await restarted.stop();
    } finally {
      await another.stop();
    }
  });

  test('is announced once with the session’s end, however often it is asked for', async () => {
    const cookie = cookiesOf(await signUp());
    const answers = await Promise.all(Array.from({ length: 10 }, () => post('signout', cookie)));
    expect(answers.every(({ status, body }) => status === 200 && JSON.stringify(body) === '{}')).toBe(true);
    const stored = await connection
      .collection('ended_sessions')
      .find({ sessionId: { $ne: null } })
      .toArray();
    const last = stored.at(-1);
    const event = SessionEnded.schema.parse(last?.['event']);
    expect(event.data).toMatchObject({ sessionId: last?._id, epoch: 0, version: 0 });
    const daysLeft = (Date.parse(event.data.until) - Date.now()) / 86_400_000;
    expect(daysLeft).toBeGreaterThan(6.9);
    expect(daysLeft).toBeLessThanOrEqual(7);
  });

  test('of nobody is no failure, and ends nothing', async () => {
    const before = await connection.collection('ended_sessions').countDocuments();
    expect((await post('signout', '')).status).toBe(200);
    expect((await post('signout', 'session=nonsense')).status).toBe(200);
    expect(await connection.collection('ended_sessions').countDocuments()).toBe(before);
  });
});

describe('Changing the password', () => {
  test('ends all sessions but the new one, everywhere, and the old password opens nothing', async () => {
    const email = newEmail();
    const cookies = [cookiesOf(await signUp({ email })), cookiesOf(await signIn({ email }))] as const;
    const another = await replica();
    try {
      const answer = await change(cookies[0]);
      expect([answer.status, answer.body]).toEqual([200, { id: expect.any(String), email }]);
      const fresh = cookiesOf(answer);
      for (const cookie of cookies) expect(await isKnown(cookie)).toBe(false);
      expect(await isKnown(fresh)).toBe(true);
      await eventually(async () => {
        expect(await another.knows(cookies[1])).toBe(false);
      }, 2500);
      expect(await another.knows(fresh)).toBe(true);
      expect(refusalIn(await signIn({ email }))).toEqual([400, 'auth.bad_credentials']);
      const signedIn = await signIn({ email, password: newPassword });
      expect(signedIn.status).toBe(200);
      expect(await isKnown(cookiesOf(signedIn))).toBe(true);
      // In the very second of the change, too: nothing here goes by clocks.
      expect(await another.knows(cookiesOf(signedIn))).toBe(true);
    } finally {
      await another.stop();
    }
  });

  test('is announced with the password’s very write', async () => {
    const answer = await signUp();
    const { id } = answer.body as { id: string };
    await change(cookiesOf(answer));
    const stored = await connection.collection<{ _id: string }>('ended_sessions').findOne({ _id: id });
    expect(SessionEnded.schema.parse((stored as unknown as { event: unknown }).event)).toMatchObject({
      id: `${id}.1`,
      data: { id, userId: id, sessionId: null, epoch: 1, version: 1 },
    });
  });

  test.each<[string, object, (number | string)[]]>([
    ['a wrong password', { currentPassword: 'wrong horse' }, [400, 'auth.wrong_password currentPassword']],
    ['no current one', { currentPassword: '' }, [400, 'request.invalid currentPassword']],
    ['an operator', { currentPassword: { $gt: '' } }, [400, 'request.invalid currentPassword']],
    ['a short new one', { newPassword: 'short' }, [400, 'request.invalid newPassword']],
    ['an operator for a new one', { newPassword: { $ne: 1 } }, [400, 'request.invalid newPassword']],
    ['a long new one', { newPassword: 'x'.repeat(129) }, [400, 'request.invalid newPassword']],
  ])('is refused with %s, and ends nothing', async (_what, given, expected) => {
    const cookie = cookiesOf(await signUp());
    expect(refusalIn(await change(cookie, given))).toEqual(expected);
    expect(await isKnown(cookie)).toBe(true);
  });

  test('is refused to whoever is not signed in, and to a session that has ended', async () => {
    expect(refusalIn(await change(''))).toEqual([401, 'session.not_signed_in']);
    const cookie = cookiesOf(await signUp());
    await post('signout', cookie);
    expect(refusalIn(await change(cookie))).toEqual([401, 'session.not_signed_in']);
  });

  test('of many at once takes one, whose password is the one that opens', async () => {
    const email = newEmail();
    const cookie = cookiesOf(await signUp({ email }));
    const passwords = Array.from({ length: 8 }, (_, i) => `horse number ${i}`);
    const answers = await Promise.all(passwords.map((password) => change(cookie, { newPassword: password })));
    const winners = passwords.filter((_, i) => answers[i]?.status === 200);
    expect(winners).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 200)) {
      expect([400, 401]).toContain(answer.status);
    }
    expect((await signIn({ email, password: winners[0] })).status).toBe(200);
  });

  test('changes the password of nobody else, whatever the body says', async () => {
    const [victim, attacker] = [await signUp(), await signUp()];
    const { id, email } = victim.body as { id: string; email: string };
    await change(cookiesOf(attacker), { id, userId: id, email, _id: id, epoch: 9 });
    expect(await isKnown(cookiesOf(victim))).toBe(true);
    expect((await signIn({ email })).status).toBe(200);
  });
});
