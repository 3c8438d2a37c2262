// The table tells every route that there is, and none that there is not.
import { routesOf, testEnv } from '@ticketing/common/testing';
import { configFrom } from '../config';
import { createService } from '../service';
import { usersApi } from './openapi';

test('every route is documented, and every documented route is there', () => {
  const { app } = createService(configFrom(testEnv('auth')));
  expect(routesOf(app)).toEqual(Object.keys(usersApi.operations).sort());
});
