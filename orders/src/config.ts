// The environment of orders, checked once.
import { brokerEnv, env, mongoEnv, readConfig, serviceEnv, sessionEnv } from '@ticketing/common';

export const environment = {
  ...serviceEnv,
  ...sessionEnv,
  ...mongoEnv,
  ...brokerEnv,
  EXPIRATION_SECONDS: env
    .wholeNumber(1, 86_400)
    .default(60)
    .describe('how long an unpaid order holds its ticket'),
};

export const configFrom = (variables: NodeJS.ProcessEnv) => readConfig(environment, variables);
export type Config = ReturnType<typeof configFrom>;
