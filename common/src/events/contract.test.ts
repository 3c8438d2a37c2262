import { z } from 'zod';
import { eventOf, orderData, ticketData } from '../testing/events';
import { newId } from '../testing/session';
import {
  causeOf,
  createEvent,
  defineEvent,
  joinTrace,
  MalformedEvent,
  newCause,
  parseEvent,
  traceIdOf,
} from './contract';
import { ExpirationComplete } from './expiration-events';
import { OrderCancelled, OrderCompleted, OrderCreated } from './order-events';
import { PaymentCreated } from './payment-events';
import { TicketCreated, TicketUpdated } from './ticket-events';
import { isLive, isOpen, orderStatuses } from './status';

const payment = { id: newId(), version: 0, orderId: newId(), stripeId: 'pi_1', amountInCents: 1999 };
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('An event', () => {
  const made = [
    eventOf(TicketCreated, ticketData()),
    eventOf(TicketUpdated, ticketData({ version: 3, orderId: newId(), title: '', priceInCents: 1 })),
    ...orderStatuses.map((status) => eventOf(OrderCreated, orderData({ status }))),
    eventOf(OrderCancelled, orderData({ version: 1, sequence: 17 })),
    eventOf(OrderCompleted, orderData()),
    eventOf(PaymentCreated, payment),
    createEvent(
      ExpirationComplete,
      { orderId: newId() },
      { source: 'test', subject: newId(), version: 0, cause: newCause() },
    ),
  ];
  const contracts = [
    TicketCreated,
    TicketUpdated,
    OrderCreated,
    OrderCancelled,
    OrderCompleted,
    PaymentCreated,
    ExpirationComplete,
  ];

  test.each(made.map((event) => [event.type, event] as const))(
    'of %s is read as it was made',
    (type, event) => {
      const contract = contracts.find((each) => each.type === type) ?? TicketCreated;
      expect(parseEvent<unknown>(contract, JSON.stringify(event))).toEqual(event);
    },
  );

  test('is tried here for every contract', () => {
    expect(new Set(made.map(({ type }) => type))).toEqual(new Set(contracts.map(({ type }) => type)));
  });

  test('has an id by its aggregate and version, so that a repeat has the id of the first', () => {
    const data = ticketData({ version: 7 });
    const options = { source: 'tickets', subject: data.id, version: 7, cause: { traceparent } };
    const [first, again] = [
      createEvent(TicketUpdated, data, options),
      createEvent(TicketUpdated, data, options),
    ];
    expect(first).toEqual({
      specversion: '1.0',
      id: `${data.id}.7`,
      source: '/tickets',
      type: 'ticket:updated',
      subject: data.id,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
      datacontenttype: 'application/json',
      traceparent,
      data,
    });
    expect(again.id).toBe(first.id);
  });

  test('loses what a newer sender has added to its data or its envelope', () => {
    const event = eventOf(TicketCreated, ticketData());
    const newer = { ...event, dataref: 'x', data: { ...event.data, venue: 'Berlin' } };
    expect(parseEvent(TicketCreated, JSON.stringify(newer))).toEqual(event);
  });
});

describe('A message is no event', () => {
  const event = eventOf(OrderCreated, orderData());
  const refusalOf = (message: unknown): string => {
    try {
      parseEvent(OrderCreated, typeof message === 'string' ? message : JSON.stringify(message));
    } catch (error) {
      expect(error).toBeInstanceOf(MalformedEvent);
      return (error as MalformedEvent).message;
    }
    return 'accepted';
  };

  test.each(['', '{', 'hello', 'undefined'])('when it is not JSON: %p', (message) => {
    expect(refusalOf(message)).toBe('The message is not JSON.');
  });

  test.each(['null', '17', '"text"', '[]', '{}', 'true'])('when it is another JSON: %s', (message) => {
    expect(refusalOf(message)).toMatch(/Invalid input/);
  });

  test.each([
    ['specversion', '0.3'],
    ['specversion', 1],
    ['id', ''],
    ['id', 17],
    ['source', ''],
    ['type', 'order:cancelled'],
    ['subject', ''],
    ['time', 'yesterday'],
    ['time', '2026-11-21'],
    ['time', 1795266290622],
    ['datacontenttype', 'text/plain'],
    ['traceparent', ''],
    ['traceparent', '00-00000000000000000000000000000000-b7ad6b7169203331-01'],
    ['traceparent', '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01'],
    ['data', null],
    ['data', []],
  ])('when its %s is %p', (field, value) => {
    expect(refusalOf({ ...event, [field]: value })).toContain(`at ${field}`);
  });

  test.each(Object.keys(event))('without %s', (field) => {
    const others = Object.fromEntries(Object.entries(event).filter(([name]) => name !== field));
    expect(refusalOf(others)).toContain(`at ${field}`);
  });

  test.each([
    ['id', 'x'],
    ['id', 'A'.repeat(24)],
    ['version', -1],
    ['version', 1.5],
    ['version', '1'],
    ['status', 'refunded'],
    ['userId', { $gt: '' }],
    ['expiresAt', 'soon'],
    ['sequence', 0],
    ['ticket', null],
    ['ticket', { id: newId(), title: 'A concert', priceInCents: 19.99 }],
    ['ticket', { id: newId(), title: 'A concert', priceInCents: 0 }],
  ])('when the %s of its data is %p', (field, value) => {
    expect(refusalOf({ ...event, data: { ...event.data, [field]: value } })).toContain(`at data.${field}`);
  });

  test('of its contract when it is one of another', () => {
    const Other = defineEvent('thing:done', z.object({ orderId: z.string() }));
    expect(() => parseEvent(Other, JSON.stringify(event))).toThrow(MalformedEvent);
  });
});

describe('The trace of a request', () => {
  test('is the one that its headers tell', () => {
    expect(causeOf({ headers: { traceparent } })).toEqual({ traceparent });
  });

  test.each([
    ['absent', undefined],
    ['of another version', traceparent.replace(/^00/, '01')],
    ['nobody', '00-00000000000000000000000000000000-b7ad6b7169203331-01'],
    ['upper case', traceparent.toUpperCase()],
    ['two', [traceparent, traceparent]],
    ['followed by more', `${traceparent}-x`],
    ['followed by a line', `${traceparent}\n`],
  ])('is a new one when the one told is %s', (_what, given) => {
    const causes = [causeOf({ headers: { traceparent: given } }), newCause()];
    expect(new Set(causes.map((cause) => cause.traceparent)).size).toBe(2);
    for (const cause of causes) {
      expect(cause.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
      expect(cause.traceparent).not.toBe(traceparent);
    }
  });
});

describe('A trace', () => {
  const [trace, step] = [traceparent.slice(0, 35), traceparent.slice(35, 53)];

  test('of a request is the same however often it is asked for', () => {
    const request = { headers: {} };
    expect(causeOf(request)).toBe(causeOf(request));
    expect(traceIdOf({ traceparent })).toBe('0af7651916cd43dd8448eb211c80319c');
  });

  test('has further steps: each in the same trace, with an id of its own and what led to it', () => {
    const [one, two] = [newCause(traceparent), newCause(traceparent)];
    expect(one).toEqual({ traceparent: expect.stringMatching(/-[0-9a-f]{16}-01$/), parent: traceparent });
    expect(one.traceparent.startsWith(trace)).toBe(true);
    expect(new Set([one.traceparent, two.traceparent, traceparent]).size).toBe(3);
    expect(newCause(traceparent.replace(/01$/, '00')).traceparent).toMatch(/-00$/);
  });

  test('is joined by a request that began one for want of another, which keeps its own step', () => {
    const cause = newCause();
    const own = cause.traceparent.slice(35, 53);
    joinTrace(cause, traceparent);
    expect(cause.traceparent).toBe(`${trace}${own}01`);
    expect([own === step, cause.parent]).toEqual([false, traceparent]);
  });

  test('is not joined by who was told of another, nor where there is none', () => {
    const told = causeOf({ headers: { traceparent: traceparent.replace('0af7', 'ffff') } });
    const own = newCause();
    const before = [told.traceparent, own.traceparent];
    joinTrace(told, traceparent);
    joinTrace(own, undefined);
    expect([told.traceparent, own.traceparent]).toEqual(before);
  });
});

test('An order is open while it waits to be paid, and live until it is cancelled', () => {
  expect(orderStatuses.map((status) => [status, isOpen(status), isLive(status)])).toEqual([
    ['created', true, true],
    ['awaiting:payment', true, true],
    ['complete', false, true],
    ['cancelled', false, false],
  ]);
});
