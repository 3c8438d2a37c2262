// The table tells every route that there is, and none that there is not.
import { routesOf, testEnv } from '@ticketing/common/testing';
import { configFrom } from '../config';
import { createService } from '../service';
import { paymentsApi } from './openapi';

test('every route is documented, and every documented route is there', () => {
  const given = { STRIPE_KEY: 'sk_test_1', STRIPE_WEBHOOK_SECRET: 'whsec_1' };
  const { app } = createService(configFrom(testEnv('payments', given)));
  expect(routesOf(app)).toEqual(Object.keys(paymentsApi.operations).sort());
});
