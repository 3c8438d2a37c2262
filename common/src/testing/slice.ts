// One service with its database and nothing else: what slice tests are made with.
import { createServer, type Server } from 'node:http';
import { Types, type Connection } from 'mongoose';
import { parseEvent, type CloudEvent, type Contract } from '../events';
import { createLogger, type Service } from '../process';
import { Database } from '../store';
import { newId, testJwtKey } from './session';
import { testMongoUri } from './servers';
import { watchAnswers } from './watch-answers';

/** A valid environment of a service: an empty database, a broker and a Redis that are away, no limits, a free port. */
export const testEnv = (name: string, given: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  PORT: '0',
  HOST: '127.0.0.1',
  INSTANCE_ID: `${name}-${newId()}`,
  LOG_LEVEL: 'silent',
  JWT_KEY: testJwtKey,
  MONGO_URI: testMongoUri(name),
  NATS_URL: 'nats://127.0.0.1:1',
  REDIS_URL: 'redis://127.0.0.1:1',
  RATE_LIMITS: 'off',
  ...given,
});

export interface Slice {
  readonly service: Service;
  /** Answers as the service does; for supertest, which takes it as it is. */
  readonly server: Server;
  /** A connection of the test's own to the service's database. */
  readonly connection: Connection;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Starts a service's database and HTTP before the tests of a file, without broker and listeners, and stops them after.
 *
 * @param build the service by its environment
 * @example
 * const { server, connection } = slice('tickets', (env) => createService(configFrom(env)));
 */
export function slice(
  name: string,
  build: (env: NodeJS.ProcessEnv) => Service,
  given: NodeJS.ProcessEnv = {},
): Slice {
  const env = testEnv(name, given);
  const service = build(env);
  const { listener, problems } = watchAnswers(service.app);
  const server = createServer(listener);
  const database = new Database(String(env['MONGO_URI']), createLogger(name, 'test', 'silent'));

  beforeAll(async () => {
    await service.start(['database']);
    await database.start();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    // Every answer of every test: what it was is what the document tells.
    expect(problems.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await database.stop();
    await service.stop();
  });
  return { service, server, connection: database.connection, env };
}

/** The event that a document carries, read past everything that hides it, and checked by its contract. */
export async function carriedEvent<D>(
  connection: Connection,
  collection: string,
  id: string,
  contract: Contract<D>,
): Promise<CloudEvent<D>> {
  const document = await connection.collection(collection).findOne({ _id: new Types.ObjectId(id) });
  return parseEvent(contract, JSON.stringify(document?.['event']));
}

/**
 * A refusal in brief, for comparing: the status, then code and field of each error. Throws when the body has not the
 * contract's shape.
 *
 * @example
 * expect(refusalIn(answer)).toEqual([400, 'request.invalid title']);
 */
export function refusalIn(answer: { status: number; body: unknown }): (number | string)[] {
  const { errors } = answer.body as { errors: { message: unknown; field?: unknown; code: unknown }[] };
  expect(answer.body).toEqual({ errors: expect.any(Array) });
  expect(errors).not.toHaveLength(0);
  for (const error of errors) {
    expect(error).toEqual({
      message: expect.stringMatching(/\S/),
      code: expect.stringMatching(/^[a-z]+(\.[a-z_]+)+$/),
      ...('field' in error && { field: expect.stringMatching(/\S/) }),
    });
  }
  return [answer.status, ...errors.map(({ code, field }) => [code, field].filter(Boolean).join(' '))];
}
