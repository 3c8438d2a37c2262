// The environment of expiration, checked once.
import { brokerEnv, env, readConfig, serviceEnv } from '@ticketing/common';

export const environment = {
  ...serviceEnv,
  ...brokerEnv,
  REDIS_URL: env.url('redis', 'rediss').describe('Redis, with an append-only file'),
};

export const configFrom = (variables: NodeJS.ProcessEnv) => readConfig(environment, variables);
export type Config = ReturnType<typeof configFrom>;
