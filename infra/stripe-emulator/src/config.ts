// The environment as options, or one plain sentence about what is wrong with it.
import type { StripeEmulatorOptions } from './index';

type Environment = Readonly<Record<string, string | undefined>>;

export class ConfigError extends Error {}

const defaultPort = 12111;

function readPort(text: string | undefined): number {
  if (text === undefined || text === '') return defaultPort;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new ConfigError(`PORT must be a whole number from 0 to 65535, and is "${text}".`);
}

function readWebhook(url: string | undefined, secret: string | undefined): StripeEmulatorOptions['webhook'] {
  if (url === undefined && secret === undefined) return undefined;
  if (url === undefined)
    throw new ConfigError('WEBHOOK_SECRET is set without WEBHOOK_URL: set both or neither.');
  if (secret === undefined)
    throw new ConfigError('WEBHOOK_URL is set without WEBHOOK_SECRET: set both or neither.');
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new ConfigError(`WEBHOOK_URL must be an http or https address, and is "${url}".`);
  }
  return { url, secret };
}

const given = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

export function readConfig(environment: Environment): StripeEmulatorOptions {
  if (environment['NODE_ENV'] === 'production') {
    throw new ConfigError(
      'The Stripe emulator never runs with NODE_ENV=production: set STRIPE_KEY and use Stripe.',
    );
  }
  return {
    port: readPort(environment['PORT']),
    host: given(environment['HOST']),
    dataFile: given(environment['DATA_FILE']),
    webhook: readWebhook(given(environment['WEBHOOK_URL']), given(environment['WEBHOOK_SECRET'])),
  };
}
