// The environment of payments, checked once.
import {
  brokerEnv,
  ConfigError,
  env,
  isPlaceholder,
  limitsEnv,
  mongoEnv,
  readConfig,
  serviceEnv,
  sessionEnv,
} from '@ticketing/common';
import { z } from 'zod';

export const environment = {
  ...serviceEnv,
  ...sessionEnv,
  ...mongoEnv,
  ...brokerEnv,
  ...limitsEnv,
  STRIPE_KEY: z
    .string()
    .regex(/^(sk|rk)_(test|live)_\w+$/, 'must be a secret or restricted key of Stripe (sk_… or rk_…)')
    .refine(
      (value) => !isPlaceholder(value),
      "is a placeholder; take one of your own from Stripe's dashboard",
    )
    .describe("Stripe's secret key"),
  STRIPE_API_BASE: env
    .url('http', 'https')
    .optional()
    .describe('another address of the Stripe API: the local emulator'),
  STRIPE_WEBHOOK_SECRET: z
    .string()
    .regex(/^whsec_\w+$/, 'must be the signing secret of a webhook endpoint of Stripe (whsec_…)')
    .optional()
    .describe("signs Stripe's webhooks; without it `/api/payments/webhook` is not there"),
};

export function configFrom(variables: NodeJS.ProcessEnv) {
  const config = readConfig(environment, variables);
  if (config.STRIPE_API_BASE && config.STRIPE_KEY.includes('_live_')) {
    throw new ConfigError('STRIPE_API_BASE is for test keys: a live key is only ever sent to Stripe itself.');
  }
  return config;
}
export type Config = ReturnType<typeof configFrom>;
