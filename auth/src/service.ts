// Table of contents: what auth is made of, answers and announces.
import { createApp, Service, sessionKey } from '@ticketing/common';
import { addEvents } from '@ticketing/common/evented';
import { addLimits } from '@ticketing/common/limits';
import { EndedSessions, endedSessionsCollection } from '@ticketing/common/sessions';
import { Database } from '@ticketing/common/store';
import type { Config } from './config';
import { usersApi } from './users/openapi';
import { userRoutes } from './users/routes';
import { userModel } from './users/user';
import { userLimits } from './users/user-limits';

export function createService(config: Config): Service {
  const service = new Service({ name: 'auth', config });
  const { logger, metrics, health, tracing } = service;
  const database = new Database(config.MONGO_URI, logger);
  const users = userModel(database.connection);
  const key = sessionKey(config.JWT_KEY, config.JWT_KEY_PREVIOUS);
  const ended = new EndedSessions(database.connection, logger);

  addEvents(service, { config, database, collections: [endedSessionsCollection], listeners: [] });
  service.use(ended);
  const limits = userLimits(addLimits(service, config));
  return service.serve(
    createApp({
      logger,
      metrics,
      health,
      tracing,
      trustProxy: config.TRUST_PROXY,
      key,
      api: usersApi,
      endings: ended,
      routes: { '/api/users': userRoutes({ users, ended, key, limits }) },
    }),
  );
}
