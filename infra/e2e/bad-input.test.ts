// What is not understood is refused in one shape by every service, through the gateway, and nothing falls over.
import { badCookies, validCookie } from './support/cookies';
import { expectStatus, Person, type Answer } from './support/person';
import { useSystem } from './support/use-system';

const system = useSystem({});
let person: Person;
const unknownId = '0123456789abcdef01234567';

beforeAll(async () => {
  person = await Person.signedUp(system());
});

function expectRefusal(answer: Answer, status: number): void {
  expect({ status: answer.status, body: answer.body }).toEqual({
    status,
    body: { errors: expect.any(Array) },
  });
  const { errors } = answer.body as { errors: { message: unknown; code: unknown }[] };
  expect(errors.length).toBeGreaterThan(0);
  for (const { message, code } of errors) {
    expect(message).toMatch(/^\S.{5,200}$/);
    expect(code).toMatch(/^[a-z]+\.[a-z_]+$/);
  }
}

const signUp = '/api/users/signup';
const injected = { $gt: '' };

test.each<[status: number, what: string, method: string, path: string, body?: unknown]>([
  [400, 'an operator for an e-mail', 'POST', signUp, { email: injected, password: 'a long password' }],
  [400, 'an operator for a password', 'POST', '/api/users/signin', { email: 'a@b.test', password: injected }],
  [400, 'a list for an e-mail', 'POST', signUp, { email: ['a@b.test'], password: 'a long password' }],
  [400, 'no body', 'POST', signUp],
  [400, 'a body that is null', 'POST', '/api/tickets', null],
  [400, 'a body that is a list', 'POST', '/api/tickets', []],
  [400, 'an operator for a title', 'POST', '/api/tickets', { title: injected, price: 1 }],
  [400, 'a title of blanks', 'POST', '/api/tickets', { title: ' \t ', price: 1 }],
  [400, 'a title that is too long', 'POST', '/api/tickets', { title: 'x'.repeat(201), price: 1 }],
  [400, 'no price', 'POST', '/api/tickets', { title: 'x' }],
  [400, 'a price of nothing', 'POST', '/api/tickets', { title: 'x', price: 0 }],
  [400, 'a price below nothing', 'POST', '/api/tickets', { title: 'x', price: -1 }],
  [400, 'a tenth of a cent', 'POST', '/api/tickets', { title: 'x', price: 1.999 }],
  [400, 'a price beyond all prices', 'POST', '/api/tickets', { title: 'x', price: 1e300 }],
  [400, 'a page of nothing', 'GET', '/api/tickets?limit=0'],
  [400, 'a page without end', 'GET', '/api/tickets?limit=1e9'],
  [400, 'a made-up cursor', 'GET', '/api/tickets?cursor=x'],
  [400, 'two searches at once', 'GET', '/api/tickets?q=1&q=2'],
  [404, 'an id that is none, of a ticket', 'GET', '/api/tickets/x'],
  [404, 'an id that is none, of an order', 'GET', '/api/orders/[object Object]'],
  [404, 'an unknown ticket', 'GET', `/api/tickets/${unknownId}`],
  [404, 'an unknown ticket to edit', 'PUT', `/api/tickets/${unknownId}`, { title: 'x', price: 1 }],
  [404, 'an unknown order', 'GET', `/api/orders/${unknownId}`],
  [404, 'an unknown order to cancel', 'DELETE', `/api/orders/${unknownId}`],
  [400, 'an operator for a ticket', 'POST', '/api/orders', { ticketId: injected }],
  [404, 'an order for an unknown ticket', 'POST', '/api/orders', { ticketId: unknownId }],
  [400, 'an operator for an order', 'POST', '/api/payments', { token: 'tok_visa', orderId: injected }],
  [400, 'an operator for a token', 'POST', '/api/payments', { token: injected, orderId: unknownId }],
  [404, 'a payment for an unknown order', 'POST', '/api/payments', { token: 'tok_visa', orderId: unknownId }],
  [404, 'an unknown route of auth', 'POST', '/api/users/nothing', {}],
  [404, 'an unknown route of tickets', 'PATCH', '/api/tickets', {}],
  [404, 'an unknown route of orders', 'PUT', '/api/orders', {}],
  [404, 'an unknown route of payments', 'GET', '/api/payments'],
  [404, 'a path of no service', 'GET', '/api/nothing/there'],
  [404, 'a path of no service, sent something', 'PUT', '/api/nothing/', { x: 1 }],
  [404, 'the root of all', 'DELETE', '/api'],
  [400, 'a path that is no UTF-8', 'GET', '/api/tickets/%ff'],
  // As one list, because jest would hand a callback to a parameter that a row has no value for.
])('%i for %s', async (...[status, , method, path, body]) => {
  expectRefusal(await person.call(method, path, body), status);
});

test.each(['/api/users/signup', '/api/tickets', '/api/orders', '/api/payments'])(
  'bodies that cannot be read are refused by %s',
  async (path) => {
    const send = (text: string, headers: Record<string, string> = {}): Promise<Answer> =>
      person.call('POST', path, undefined, { text, headers });
    expectRefusal(await send('{"title":'), 400);
    expectRefusal(await send(JSON.stringify({ title: 'x'.repeat(110_000) })), 413);
    expectRefusal(await send('title=x', { 'content-type': 'application/x-www-form-urlencoded' }), 400);
    expectRefusal(await send('{}', { 'content-type': 'application/json; charset=klingon' }), 415);
    expectRefusal(await send('{}', { 'content-encoding': 'gzip' }), 400);
  },
);

test('a session that was forged, altered or has expired is nobody’s', async () => {
  const key = await system().jwtKey();
  const cookies = { valid: validCookie(unknownId, key), ...badCookies(unknownId, key) };
  const statuses: Record<string, number[]> = {};
  for (const [name, cookie] of Object.entries(cookies)) {
    const eve = new Person(system().url);
    const doors = ['/api/tickets?seller=me', '/api/orders', '/api/users/currentuser'];
    statuses[name] = [];
    for (const door of doors) {
      const answer = await eve.call<{ currentUser?: object }>('GET', door, undefined, {
        headers: { cookie },
      });
      const isKnown = !door.endsWith('currentuser') || answer.body.currentUser;
      statuses[name].push(isKnown ? answer.status : 401);
    }
  }
  const nobody = [401, 401, 401];
  expect(statuses).toEqual({
    ...{ valid: [200, 200, 200], expired: nobody, forged: nobody },
    ...{ unsigned: nobody, nonsense: nobody, operator: nobody },
  });
});

test('after all this every service goes on, and none was started again', async () => {
  expectStatus(201, await person.list('A concert', 10));
  expect(Object.values(await system().restarts())).toEqual([0, 0, 0, 0, 0]);
});
