// The environment of tickets, checked once.
import { brokerEnv, mongoEnv, readConfig, serviceEnv, sessionEnv } from '@ticketing/common';

export const environment = { ...serviceEnv, ...sessionEnv, ...mongoEnv, ...brokerEnv };

export const configFrom = (variables: NodeJS.ProcessEnv) => readConfig(environment, variables);
export type Config = ReturnType<typeof configFrom>;
