// Table of contents: what auth is made of and answers. It takes no part in events.
import { createApp, Service, sessionKey } from '@ticketing/common';
import { addLimits } from '@ticketing/common/limits';
import { Database } from '@ticketing/common/store';
import type { Config } from './config';
import { usersApi } from './users/openapi';
import { userRoutes } from './users/routes';
import { userModel } from './users/user';
import { userLimits } from './users/user-limits';

export function createService(config: Config): Service {
  const service = new Service({ name: 'auth', config });
  const { logger, metrics, health } = service;
  const database = new Database(config.MONGO_URI, logger);
  const users = userModel(database.connection);
  const key = sessionKey(config.JWT_KEY);

  service.use(database);
  const limits = userLimits(addLimits(service, config));
  health.watch('mongodb', () => database.isUp(), { isNeeded: true });
  return service.serve(
    createApp({
      logger,
      metrics,
      health,
      trustProxy: config.TRUST_PROXY,
      key,
      api: usersApi,
      routes: { '/api/users': userRoutes({ users, key, limits }) },
    }),
  );
}
