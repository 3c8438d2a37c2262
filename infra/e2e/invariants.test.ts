// The judge is judged first: a sound world passes, and every rule finds what breaks it.
import { violations } from './support/invariants';

const at = (seconds: number): Date => new Date(1_800_000_000_000 + seconds * 1000);
const eventOf = (id: string, version: number, type: string, seconds: number, data: object = {}) => ({
  ...{ id: `${id}.${version}`, subject: id, source: `/${type.split(':')[0] ?? ''}s`, type },
  ...{ time: at(seconds).toISOString(), data: { id, version, ...data } },
});

/** A ticket whose first order was paid and cancelled, and whose second one is complete: every piece by its name. */
function soundWorld() {
  const seat = { title: 'Seat', priceInCents: 500 };
  const listed = eventOf('t', 0, 'ticket:created', 0, { ...seat, orderId: null });
  const held = eventOf('t', 1, 'ticket:updated', 1, { ...seat, orderId: 'o1' });
  const sold = eventOf('t', 2, 'ticket:updated', 4, { ...seat, orderId: 'o2' });
  const end1 = eventOf('o1', 1, 'order:cancelled', 2);
  const end2 = eventOf('o2', 1, 'order:completed', 4);

  const ticket = { _id: 't', version: 2, ...seat, userId: 's', orderId: 'o2', event: sold };
  const ticketCopy = { ...ticket };
  const order = { version: 1, userId: 'b', ticket: { id: 't', ...seat } };
  const first = { _id: 'o1', status: 'cancelled', expiresAt: at(61) };
  const second = { _id: 'o2', status: 'complete', expiresAt: at(63) };
  const order1 = { ...order, ...first, sequence: 1, createdAt: at(1), event: end1 };
  const order2 = { ...order, ...second, sequence: 2, createdAt: at(3), event: end2 };
  const copy = { version: 1, userId: 'b', ticketId: 't', priceInCents: 500 };
  const copy1 = { ...copy, ...first };
  const copy2 = { ...copy, ...second };
  const payment1 = { _id: 'o1', status: 'refunded', amountInCents: 500 };
  const payment2 = { _id: 'o2', status: 'charged', amountInCents: 500 };
  const charge1 = { payment_intent: 'pi_1', orderId: 'o1', charged: 500, refunded: 500 };
  const charge2 = { payment_intent: 'pi_2', orderId: 'o2', charged: 500, refunded: 0 };
  const world = {
    ...{
      tickets: [ticket],
      ticketCopies: [ticketCopy],
      orders: [order1, order2],
      orderCopies: [copy1, copy2],
    },
    ...{ payments: [payment1, payment2], charges: [charge1, charge2] },
    events: [listed, held, sold, end1, end2],
  };
  return { world, held, ticket, ticketCopy, order1, order2, copy1, copy2, payment1, charge1, charge2 };
}

type Pieces = ReturnType<typeof soundWorld>;
const judge = ({ world }: Pieces): string[] => violations(world);

test('a sound world passes', () => {
  expect(judge(soundWorld())).toEqual([]);
});

test.each<[rule: string, what: string, breakIt: (pieces: Pieces) => unknown]>([
  ['oneLiveOrder', 'two live orders for a ticket', ({ order1 }) => (order1.status = 'created')],
  ['oneLiveOrder', 'an order before the last one ended', ({ order2 }) => (order2.createdAt = at(1.5))],
  ['oneLiveOrder', 'two orders of one number', ({ order2 }) => (order2.sequence = 1)],
  ['oneEnd', 'two ends', ({ world }) => world.events.push(eventOf('o1', 2, 'order:completed', 5))],
  ['moneyIsRight', 'a complete order without a charge', ({ world }) => world.charges.pop()],
  ['moneyIsRight', 'a second charge', ({ world, charge2 }) => world.charges.push({ ...charge2 })],
  ['moneyIsRight', 'a complete order given back', ({ charge2 }) => (charge2.refunded = 500)],
  ['moneyIsRight', 'another amount than the price', ({ charge2 }) => (charge2.charged = 499)],
  ['moneyIsRight', 'a cancelled order that stays charged', ({ charge1 }) => (charge1.refunded = 0)],
  ['moneyIsRight', 'a cancelled order given back in part', ({ charge1 }) => (charge1.refunded = 499)],
  ['moneyIsRight', 'a charge for no order', ({ charge1 }) => (charge1.orderId = 'o9')],
  ['paymentsAreSettled', 'a payment half undone', ({ payment1 }) => (payment1.status = 'cancelling')],
  ['everythingIsAnnounced', 'a change that nobody heard of', ({ world }) => world.events.pop()],
  ['copiesAgree', 'an older copy of a ticket', ({ ticketCopy }) => (ticketCopy.version = 1)],
  ['copiesAgree', 'a ticket that has no copy', ({ world }) => world.ticketCopies.pop()],
  ['copiesAgree', 'a copy of an order that says otherwise', ({ copy2 }) => (copy2.status = 'created')],
  ['copiesAgree', 'a copy of nothing', ({ world, copy1 }) => world.orderCopies.push({ ...copy1, _id: 'o9' })],
  ['copiesAgree', 'a ticket that another order has', ({ ticket }) => (ticket.orderId = 'o9')],
  [
    'reservedStaysAsItIs',
    'an edit of a held ticket',
    ({ held }) => Object.assign(held.data, { title: 'Box' }),
  ],
])('%s finds %s', (rule, _what, breakIt) => {
  const pieces = soundWorld();
  breakIt(pieces);
  expect(judge(pieces).map((violation) => violation.split(':')[0])).toContain(rule);
});
