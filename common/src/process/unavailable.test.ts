import { createConnection, mongo } from 'mongoose';
import { isUnavailable, Unavailable } from './unavailable';

describe('A server is away', () => {
  test('says what our adapters and the drivers throw then', () => {
    const { MongoServerSelectionError, MongoNetworkError, MongoServerError, MongoNotConnectedError } = mongo;
    const labelled = new MongoServerError({ errorLabels: ['RetryableWriteError'] });
    const absences = [
      new Unavailable('away'),
      new MongoNetworkError('reset'),
      new MongoNotConnectedError('closed'),
      new MongoServerSelectionError('none', { error: undefined } as never),
      labelled,
    ];
    expect(absences.map(isUnavailable)).toEqual([true, true, true, true, true]);
  });

  test('says what mongoose really throws for a server that is not there', async () => {
    const connection = createConnection();
    const failed: unknown = await connection
      .openUri('mongodb://127.0.0.1:1/none', {
        serverSelectionTimeoutMS: 50,
        runtimeAdapters: { os: process.getBuiltinModule('os') },
      })
      .catch((error: unknown) => error);
    expect([isUnavailable(failed), (failed as Error).name]).toEqual([true, 'MongooseServerSelectionError']);
    await connection.close();
  });

  test('is not what is said of a wrong request or a wrong program', () => {
    const others = [
      new Error('Unavailable'),
      new TypeError('undefined is not a function'),
      new mongo.MongoServerError({ code: 11000, errorLabels: ['SomethingElse'] }),
      Object.assign(new Error(), { errorLabels: 'RetryableWriteError' }),
      Object.assign(new Error(), { code: 50 }),
      { name: 'Unavailable' },
      'Unavailable',
      null,
      undefined,
    ];
    expect(others.filter(isUnavailable)).toEqual([]);
  });
});
