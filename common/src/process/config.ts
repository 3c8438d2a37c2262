// Environment → one typed, validated object. A service with a bad variable does not start, and says which.
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { z } from 'zod';

/** A variable is missing or malformed; the message is one line for each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Checks the environment against a shape of zod schemas, one for each variable. An empty value counts as missing.
 *
 * @throws ConfigError naming every variable that is missing or malformed (values are never repeated: they may be secrets)
 */
export function readConfig<S extends z.ZodRawShape>(shape: S, env: NodeJS.ProcessEnv) {
  const given = Object.fromEntries(
    Object.entries(env).filter(([name, value]) => name in shape && value?.trim()),
  );
  const parsed = z.object(shape).safeParse(given);
  if (parsed.success) {
    const { NODE_ENV, RATE_LIMITS } = given;
    if (NODE_ENV === 'production' && RATE_LIMITS === 'off') {
      throw new ConfigError('RATE_LIMITS is off: that is for load tests, and refused in production.');
    }
    return parsed.data;
  }
  const problems = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    return name in given
      ? `${name} is malformed: ${issue.message}`
      : `${name} is missing: ${describe(shape[name])}`;
  });
  throw new ConfigError(problems.join('\n'));
}

const describe = (schema: unknown): string =>
  schema instanceof z.ZodType ? (schema.description ?? 'it has no default') : 'it has no default';

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be a whole number from ${min} to ${max}`);

const hostOf = (value = ''): string => (URL.canParse(value) ? new URL(value).hostname : '');

const url = (...protocols: string[]) =>
  z
    .string()
    .refine(
      (value) =>
        protocols.some((protocol) => value.startsWith(`${protocol}://`)) &&
        hostOf(value.split(',')[0]) !== '',
      `must be a URL that begins with ${protocols.map((protocol) => `${protocol}://`).join(' or ')}`,
    );

const placeholder =
  /change.?me|placeholder|replace|example|secret.?key|your.?key|^(?:[a-z]{2}_(?:test|live)_)?(.)\1{3,}$/i;

/** Does this stand where a secret of one's own should: `change-me`, `sk_test_xxxx`? */
export const isPlaceholder = (value: string): boolean => placeholder.test(value);

/** A secret that someone has really chosen: long enough for HS256, and no placeholder. */
const secret = z
  .string()
  .min(32, 'must have at least 32 characters')
  .refine((value) => !isPlaceholder(value), 'is a placeholder; make one with: openssl rand -hex 32');

/** One of express's names for networks, an address, or a range of them that could be somebody's own. */
function isProxy(entry: string): boolean {
  if (/^(loopback|linklocal|uniquelocal)$/.test(entry)) return true;
  const [address = '', bits, ...rest] = entry.split('/');
  // Whoever is in the range says who they are: half the internet is nobody's proxy.
  const [min, max] = { 4: [8, 32] as const, 6: [8, 128] as const }[isIP(address)] ?? [1, 0];
  if (rest.length > 0 || max === 0) return false;
  return bits === undefined || (/^[1-9]\d*$/.test(bits) && Number(bits) >= min && Number(bits) <= max);
}

/** Checked here, because express would throw an error that names no variable. */
const proxies = z
  .string()
  .refine(
    (value) => value.split(',').every((entry) => isProxy(entry.trim())),
    'must be loopback, linklocal, uniquelocal or IP addresses (no range wider than /8), with commas between them',
  );

export const env = { wholeNumber, url, secret };

/** What every service reads. */
export const serviceEnv = {
  PORT: wholeNumber(0, 65535).default(3000).describe('port for HTTP'),
  HOST: z.string().default('0.0.0.0').describe('address to listen on'),
  INSTANCE_ID: z
    .string()
    .regex(/^[\w-]{1,64}$/, 'must be 1 to 64 letters, digits, _ or -')
    .default(() =>
      hostname()
        .replace(/[^\w-]/g, '-')
        .slice(0, 64),
    )
    .describe('unique name of this replica (default: the host name, which is the pod name)'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('least level that is logged'),
  OTEL_EXPORTER_OTLP_ENDPOINT: url('http', 'https')
    .optional()
    .describe('OpenTelemetry collector (OTLP over HTTP) that traces are sent to'),
  TRUST_PROXY: proxies
    .default('loopback')
    .describe("proxies whose X-Forwarded-* is believed (express's trust proxy)"),
};

export const sessionEnv = {
  JWT_KEY: secret.describe('key that signs sessions, 32 characters or more, the same for all services'),
  JWT_KEY_PREVIOUS: secret
    .optional()
    .describe('another key whose sessions are believed, while JWT_KEY is changed (docs/operating.md)'),
};

export const limitsEnv = {
  NODE_ENV: z
    .string()
    .default('development')
    .describe('`production` refuses what is for development and tests only'),
  REDIS_URL: url('redis', 'rediss').describe(
    'Redis, in which all replicas count together; without it each counts alone',
  ),
  RATE_LIMITS: z.enum(['on', 'off']).default('on').describe('`off` for load tests; refused in production'),
};

export const mongoEnv = {
  MONGO_URI: url('mongodb', 'mongodb+srv').describe("the service's own database, on a replica set"),
};

export const brokerEnv = {
  NATS_URL: url('nats', 'tls').describe('NATS Streaming server'),
  NATS_CLUSTER_ID: z
    .string()
    .regex(/^[\w-]+$/, 'must be letters, digits, _ or -')
    .default('ticketing')
    .describe("the server's cluster id"),
};
