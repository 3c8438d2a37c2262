import { z } from 'zod';
import {
  brokerEnv,
  ConfigError,
  env,
  limitsEnv,
  mongoEnv,
  readConfig,
  serviceEnv,
  sessionEnv,
} from './config';

const goodKey = '6f1c2b9d4e8a7035c1d2e3f4a5b60718';

/** What a service that does not start says. */
function refusalOf(shape: z.ZodRawShape, given: NodeJS.ProcessEnv): string {
  try {
    readConfig(shape, given);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('The environment', () => {
  test('becomes one typed object, with defaults where there are any', () => {
    const shape = { ...serviceEnv, ...sessionEnv, ...mongoEnv, ...brokerEnv };
    const given = {
      PORT: '8080',
      INSTANCE_ID: 'orders-2',
      JWT_KEY: goodKey,
      MONGO_URI: 'mongodb://user:p%40ss@a.test:1,b.test:2/orders?replicaSet=rs0',
      NATS_URL: 'nats://127.0.0.1:4222',
      HOME: '/root',
    };
    expect(readConfig(shape, given)).toEqual({
      PORT: 8080,
      HOST: '0.0.0.0',
      INSTANCE_ID: 'orders-2',
      LOG_LEVEL: 'info',
      TRUST_PROXY: 'loopback',
      JWT_KEY: goodKey,
      MONGO_URI: given.MONGO_URI,
      NATS_URL: given.NATS_URL,
      NATS_CLUSTER_ID: 'ticketing',
    });
  });

  test('names the replica after its host, which is its pod', () => {
    expect(readConfig(serviceEnv, {}).INSTANCE_ID).toMatch(/^[\w-]{1,64}$/);
  });

  test('says of each missing variable what it is for, an empty one being missing', () => {
    const shape = { ...sessionEnv, ...mongoEnv, PLAIN: z.string() };
    expect(refusalOf(shape, { MONGO_URI: '', PLAIN: '  ' }).split('\n')).toEqual([
      'JWT_KEY is missing: key that signs sessions, 32 characters or more, the same for all services',
      "MONGO_URI is missing: the service's own database, on a replica set",
      'PLAIN is missing: it has no default',
    ]);
  });

  test('takes the default of a variable that is empty', () => {
    expect(readConfig(serviceEnv, { PORT: '', HOST: ' ' })).toMatchObject({ PORT: 3000, HOST: '0.0.0.0' });
  });

  test.each([
    [serviceEnv, 'PORT', 'http', 'must be a whole number from 0 to 65535'],
    [serviceEnv, 'PORT', '65536', 'must be a whole number from 0 to 65535'],
    [serviceEnv, 'PORT', '-1', 'must be a whole number from 0 to 65535'],
    [serviceEnv, 'PORT', '3e3', 'must be a whole number from 0 to 65535'],
    [serviceEnv, 'PORT', '80.5', 'must be a whole number from 0 to 65535'],
    [serviceEnv, 'INSTANCE_ID', 'a b', 'must be 1 to 64 letters, digits, _ or -'],
    [serviceEnv, 'INSTANCE_ID', 'x'.repeat(65), 'must be 1 to 64 letters, digits, _ or -'],
    [serviceEnv, 'INSTANCE_ID', '$holder', 'must be 1 to 64 letters, digits, _ or -'],
    [serviceEnv, 'LOG_LEVEL', 'chatty', 'Invalid option: expected one of "trace"|'],
    [serviceEnv, 'TRUST_PROXY', 'ingress', 'must be loopback, linklocal, uniquelocal or IP addresses'],
    [serviceEnv, 'TRUST_PROXY', 'true', 'must be loopback, linklocal, uniquelocal or IP addresses'],
    [serviceEnv, 'TRUST_PROXY', '10.0.0.0/33', 'must be loopback, linklocal, uniquelocal or IP addresses'],
    [
      serviceEnv,
      'TRUST_PROXY',
      '0.0.0.0/1',
      'must be loopback, linklocal, uniquelocal or IP addresses (no range wider than /8)',
    ],
    [
      serviceEnv,
      'TRUST_PROXY',
      '10.0.0.0/7',
      'must be loopback, linklocal, uniquelocal or IP addresses (no range wider than /8)',
    ],
    [
      serviceEnv,
      'TRUST_PROXY',
      'loopback, ::/0',
      'must be loopback, linklocal, uniquelocal or IP addresses (no range wider than /8)',
    ],
    [
      serviceEnv,
      'TRUST_PROXY',
      '2000::/3',
      'must be loopback, linklocal, uniquelocal or IP addresses (no range wider than /8)',
    ],
    [
      serviceEnv,
      'TRUST_PROXY',
      '1',
      'must be loopback, linklocal, uniquelocal or IP addresses (no range wider than /8)',
    ],
    [serviceEnv, 'TRUST_PROXY', 'loopback,', 'must be loopback, linklocal, uniquelocal or IP addresses'],
    [mongoEnv, 'MONGO_URI', 'localhost:27017', 'must be a URL that begins with mongodb:// or mongodb+srv://'],
    [
      mongoEnv,
      'MONGO_URI',
      'http://mongo.test',
      'must be a URL that begins with mongodb:// or mongodb+srv://',
    ],
    [mongoEnv, 'MONGO_URI', 'mongodb://', 'must be a URL that begins with mongodb:// or mongodb+srv://'],
    [brokerEnv, 'NATS_URL', 'nats://nats.test:port', 'must be a URL that begins with nats:// or tls://'],
    [brokerEnv, 'NATS_URL', 'nats://', 'must be a URL that begins with nats:// or tls://'],
    [brokerEnv, 'NATS_CLUSTER_ID', 'a.b', 'must be letters, digits, _ or -'],
  ])('refuses %#: a malformed %2$s', (shape, name, value, reason) => {
    const others = { NATS_URL: 'nats://nats.test:4222', MONGO_URI: 'mongodb://mongo.test/orders' };
    const message = refusalOf(shape, { ...others, [name]: value });
    expect(message).toContain(`${name} is malformed: ${reason}`);
    expect(message.split('\n')).toHaveLength(1);
  });

  test.each(['loopback', '10.0.0.0/8', '::1', 'fd00::/8', 'loopback, uniquelocal,192.168.0.1'])(
    'accepts proxies to trust: %s',
    (value) => {
      expect(readConfig(serviceEnv, { TRUST_PROXY: value }).TRUST_PROXY).toBe(value);
    },
  );

  test('never repeats a value, which may be a secret', () => {
    const shape = { ...serviceEnv, ...sessionEnv, ...mongoEnv, ...brokerEnv };
    const given = Object.fromEntries(Object.keys(shape).map((name) => [name, `?hunter2 of ${name}`]));
    const message = refusalOf(shape, given);
    for (const name of Object.keys(shape).filter((each) => each !== 'HOST'))
      expect(message).toContain(`${name} is malformed`);
    expect(message).not.toContain('hunter2');
  });
});

describe('A secret', () => {
  test.each([
    'too-short',
    'change-me-change-me-change-me-change-me',
    'ChangeMe0123456789012345678901234567',
    'this-is-a-placeholder-of-32-characters',
    'replace-this-by-something-of-your-own-0',
    'an-example-key-that-everybody-can-read',
    'my-super-secret-key-0123456789-0123456',
    'a'.repeat(64),
    'SECRET_KEY_0123456789_0123456789_012345',
  ])('is none that everybody could guess: %s', (key) => {
    const message = refusalOf(sessionEnv, { JWT_KEY: key });
    expect(message).toContain('JWT_KEY is malformed');
    expect(message).not.toContain(key);
  });

  test.each([goodKey, 'q8Vt3xZk1mN0pLr7sYwB2cDfGhJ4+/=uEaIo'])('is one that was made: %s', (key) => {
    expect(readConfig({ KEY: env.secret }, { KEY: key })).toEqual({ KEY: key });
  });
});

test('limits are switched off for tests, and never in production', () => {
  const given = { REDIS_URL: 'redis://redis:6379' };
  expect(readConfig(limitsEnv, { ...given, RATE_LIMITS: 'off' }).RATE_LIMITS).toBe('off');
  expect(readConfig(limitsEnv, { ...given, NODE_ENV: 'production' }).RATE_LIMITS).toBe('on');
  expect(() => readConfig(limitsEnv, { ...given, NODE_ENV: 'production', RATE_LIMITS: 'off' })).toThrow(
    new ConfigError('RATE_LIMITS is off: that is for load tests, and refused in production.'),
  );
});
