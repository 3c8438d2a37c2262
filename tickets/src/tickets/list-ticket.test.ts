// Listing a ticket, at the door and in the database.
import { cookieFor, newId, testJwtKey, testMongoUri } from '@ticketing/common/testing';
import request from 'supertest';
import { configFrom } from '../config';
import { createService } from '../service';

const service = createService(
  configFrom({
    MONGO_URI: testMongoUri('tickets'),
    NATS_URL: 'nats://127.0.0.1:1',
    JWT_KEY: testJwtKey,
    LOG_LEVEL: 'silent',
  }),
);

beforeAll(() => service.start(['database']));
afterAll(() => service.stop());

test('a signed-in person lists a ticket', async () => {
  const userId = newId();
  const answer = await request(service.app)
    .post('/api/tickets')
    .set('Cookie', cookieFor(userId))
    .send({ title: ' A concert ', price: 19.99 });
  expect(answer.body).toEqual({ id: expect.any(String), title: 'A concert', price: 19.99, userId, version: 0 });
  expect(answer.status).toBe(201);
});
