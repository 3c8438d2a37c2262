// Guessing passwords and making accounts in bulk: refused in time, without locking out those who did nothing.
import { newId, refusalIn } from '@ticketing/common/testing';
import request from 'supertest';
import { authSlice, cookiesOf, goodPassword, newEmail } from '../testing';

// Redis is away: what counts is one process, and that must do.
const { server, signUp, signIn } = authSlice({ RATE_LIMITS: 'on' });
const wrong = 'not the password';
let nextAddress = 0;
/** Everybody in these tests has an address of their own, unless told. */
const newAddress = (): string => `203.0.${Math.floor(nextAddress / 250)}.${(nextAddress++ % 250) + 1}`;
const joins = (given: object = {}, address = newAddress()) => signUp(given).set('X-Forwarded-For', address);
const tries = (given: object, address: string) => signIn(given).set('X-Forwarded-For', address);
const tooMany = [429, 'request.too_many'];

test('of fifty guesses at once ten are answered, and then not even the right password is', async () => {
  const email = newEmail();
  await joins({ email });
  const address = newAddress();
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => tries({ email, password: wrong }, address)),
  );
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(40);
  for (const answer of refused) {
    expect(refusalIn(answer)).toEqual(tooMany);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(800);
    expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(900);
  }
  expect(refusalIn(await tries({ email }, address))).toEqual(tooMany);
  // Its owner is somewhere else, and comes in.
  expect((await tries({ email }, newAddress())).status).toBe(200);
});

test('an unknown e-mail is refused as a known one is, so nobody learns which it was', async () => {
  const [email, address] = [newEmail(), newAddress()];
  const statuses: number[] = [];
  for (let i = 0; i < 12; i++) statuses.push((await tries({ email, password: wrong }, address)).status);
  expect(statuses).toEqual([...Array<number>(10).fill(400), 429, 429]);
});

test('one account typed differently is one account', async () => {
  const local = newId();
  await joins({ email: `${local}@people.test` });
  const address = newAddress();
  const variants = [`${local}@people.test`, `${local.toUpperCase()}@People.test`, ` ${local}@people.test `];
  for (let i = 0; i < 10; i++) await tries({ email: variants[i % 3], password: wrong }, address);
  for (const email of [...variants, `${local}\u00AD@people.test`]) {
    expect([400, 429]).toContain((await tries({ email, password: wrong }, address)).status);
  }
  expect(refusalIn(await tries({ email: variants[1] }, address))).toEqual(tooMany);
});

test('guesses from a hundred addresses are too many, too', async () => {
  const email = newEmail();
  await joins({ email });
  for (let i = 0; i < 10; i++) {
    await Promise.all(Array.from({ length: 10 }, () => tries({ email, password: wrong }, newAddress())));
  }
  expect(refusalIn(await tries({ email }, newAddress()))).toEqual(tooMany);
});

test('the right password forgets the wrong ones before it', async () => {
  const email = newEmail();
  await joins({ email });
  const address = newAddress();
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 8; i++) expect((await tries({ email, password: wrong }, address)).status).toBe(400);
    expect((await tries({ email }, address)).status).toBe(200);
  }
});

test('what only a client says of its address counts for nothing', async () => {
  const [email, proxyAddress] = [newEmail(), newAddress()];
  const answers: number[] = [];
  for (let i = 0; i < 12; i++) {
    answers.push((await tries({ email, password: wrong }, `10.1.1.${i}, ${proxyAddress}`)).status);
  }
  expect(answers.slice(10)).toEqual([429, 429]);
});

test('one address makes a hundred accounts in a quarter of an hour, and no more', async () => {
  const address = newAddress();
  // The body is refused after it was counted nowhere: only real attempts cost.
  for (let i = 0; i < 5; i++) expect((await joins({ password: 'short' }, address)).status).toBe(400);
  const answers = await Promise.all(Array.from({ length: 110 }, () => joins({}, address)));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(100);
  expect(refusalIn(answers.find(({ status }) => status === 429) ?? { status: 0, body: {} })).toEqual(tooMany);
  expect((await joins()).status).toBe(201);
});

test('who is signed in is told so however often they ask, and may sign out', async () => {
  const cookie = cookiesOf(await joins({ password: goodPassword }));
  const answers = await Promise.all(
    Array.from({ length: 300 }, () => request(server).get('/api/users/currentuser').set('Cookie', cookie)),
  );
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  expect((await request(server).post('/api/users/signout').set('Cookie', cookie)).status).toBe(200);
});
