// The environment of auth, checked once.
import { brokerEnv, limitsEnv, mongoEnv, readConfig, serviceEnv, sessionEnv } from '@ticketing/common';

export const environment = { ...serviceEnv, ...sessionEnv, ...mongoEnv, ...brokerEnv, ...limitsEnv };

export const configFrom = (variables: NodeJS.ProcessEnv) => readConfig(environment, variables);
export type Config = ReturnType<typeof configFrom>;
