// A session that was ended opens no door of any service; and too many guesses are too many, whichever replica is asked.
import { eventually, range, tally } from './support/eventually';
import { expectStatus, inWords, Person } from './support/person';
import { useSystem } from './support/use-system';

const system = useSystem({ replicas: 2, rateLimits: 'on' });
const doors = [
  ['GET', '/api/tickets?seller=me'],
  ['GET', '/api/orders'],
  ['POST', '/api/payments'],
  ['POST', '/api/users/password'],
] as const;

/** What each door says to a cookie, asked several times, so that every replica is. */
async function answersTo(cookie: string): Promise<Record<string, number>> {
  const nobody = new Person(system().url);
  const asked = doors.flatMap(([method, path]) =>
    range(4).map(() =>
      nobody.call(method, path, method === 'POST' ? {} : undefined, { headers: { cookie } }),
    ),
  );
  return tally((await Promise.all(asked)).map(({ status }) => String(status)));
}
const closed = { 401: 4 * doors.length };
/** A second for each replica to read it, and some for a busy machine. */
const withinMs = 4000;

test('who signs out, or changes the password, leaves no session behind at any service', async () => {
  const person = await Person.signedUp(system());
  const copied = person.cookie;
  expect(await answersTo(copied)).toEqual({ 200: 8, 400: 8 });
  expectStatus(200, await person.call('POST', '/api/users/signout', {}));
  await eventually(
    async () => {
      expect(await answersTo(copied)).toEqual(closed);
    },
    { withinMs },
  );

  const credentials = { email: person.email, password: person.password };
  const sessions: string[] = [copied];
  for (let i = 0; i < 2; i++) {
    expectStatus(200, await person.call('POST', '/api/users/signin', credentials));
    sessions.push(person.cookie);
  }
  const passwords = { currentPassword: person.password, newPassword: 'another long password' };
  expectStatus(200, await person.call('POST', '/api/users/password', passwords));
  await eventually(
    async () => {
      for (const session of sessions) expect(await answersTo(session)).toEqual(closed);
    },
    { withinMs },
  );
  expect(await answersTo(person.cookie)).toEqual({ 200: 8, 400: 8 });

  // Whoever starts anew knows it before the first answer.
  for (const name of ['tickets', 'orders', 'payments', 'auth']) await system().kill(name);
  for (const session of sessions) expect(await answersTo(session)).toEqual(closed);
  expect(await answersTo(person.cookie)).toEqual({ 200: 8, 400: 8 });
});

test('guesses are counted by all replicas together; with Redis away nobody is answered a fault', async () => {
  const [person, another] = await Promise.all([Person.signedUp(system()), Person.signedUp(system())]);
  const guesses = (count: number, { email }: Person) => {
    const guess = { email, password: 'not the password' };
    return Promise.all(range(count).map(() => person.call('POST', '/api/users/signin', guess)));
  };
  expect(tally((await guesses(20, person)).map(inWords))).toEqual({
    '400 auth.bad_credentials': 10,
    '429 request.too_many': 10,
  });
  await system().stopPart('redis');
  try {
    // Who was over the limit is so still; of others each of the two replicas answers ten.
    expect(tally((await guesses(10, person)).map(inWords))).toEqual({ '429 request.too_many': 10 });
    expect(tally((await guesses(30, another)).map(inWords))).toEqual({
      '400 auth.bad_credentials': 20,
      '429 request.too_many': 10,
    });
    expectStatus(201, await new Person(system().url).signUp());
  } finally {
    await system().startPart('redis');
  }
});
