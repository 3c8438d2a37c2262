// The environment of orders, checked once.
import { brokerEnv, env, limitsEnv, mongoEnv, readConfig, serviceEnv, sessionEnv } from '@ticketing/common';

const anyNumber = 1_000_000;

export const environment = {
  ...serviceEnv,
  ...sessionEnv,
  ...mongoEnv,
  ...brokerEnv,
  ...limitsEnv,
  EXPIRATION_SECONDS: env
    .wholeNumber(1, 86_400)
    .default(60)
    .describe('how long an unpaid order holds its ticket'),
  MAX_OPEN_HOLDS: env
    .wholeNumber(1, anyNumber)
    .optional()
    .describe(
      'how many unpaid orders a person may have at once: 10 unless told; any number without RATE_LIMITS',
    ),
};

export function configFrom(variables: NodeJS.ProcessEnv) {
  const config = readConfig(environment, variables);
  // A load test has few people, who order much.
  return {
    ...config,
    maxOpenHolds: config.MAX_OPEN_HOLDS ?? (config.RATE_LIMITS === 'off' ? anyNumber : 10),
  };
}
export type Config = ReturnType<typeof configFrom>;
