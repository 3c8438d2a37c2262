// An order placed becomes a job.
import { OrderCreated, Unavailable } from '@ticketing/common';
import { eventOf, orderData } from '@ticketing/common/testing';
import type { Expiration } from './expiration';
import { scheduleExpiration } from './schedule-expiration';

test("the job has the order's id, its time and its trace", async () => {
  const added: Expiration[] = [];
  const event = eventOf(OrderCreated, orderData());
  await scheduleExpiration(event, {
    add: (expiration) => {
      added.push(expiration);
      return Promise.resolve();
    },
  });
  const { id: orderId, expiresAt } = event.data;
  expect(added).toEqual([{ orderId, expiresAt, traceparent: event.traceparent }]);
});

test('a job that Redis does not take fails the event, which comes again', async () => {
  const add = () => Promise.reject(new Unavailable('Redis is away.'));
  await expect(scheduleExpiration(eventOf(OrderCreated, orderData()), { add })).rejects.toThrow(Unavailable);
});
