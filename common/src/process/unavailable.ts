// Tells "a server we need is away" from "this request or message is wrong": the first is retried for as
// long as it lasts and answered with 503, the second is set aside or answered with 500.

/** Thrown by our own adapters when what they speak to cannot be reached or did not answer in time. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

// By name, so that this file loads neither the database's nor Redis's client.
const namesOfAbsence = new Set([
  'Unavailable',
  'MongoServerSelectionError',
  'MongooseServerSelectionError',
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoNotConnectedError',
  'MongoTopologyClosedError',
  'MongoPoolClearedError',
  'PoolClearedOnNetworkError',
  'MongoOperationTimeoutError',
  'MongoWaitQueueTimeoutError',
  'MaxRetriesPerRequestError',
]);

const isRetryableByLabel = (error: object): boolean =>
  'errorLabels' in error &&
  Array.isArray(error.errorLabels) &&
  error.errorLabels.some((label) => label === 'RetryableWriteError' || label === 'TransientTransactionError');

// MaxTimeMSExpired: MongoDB gave up a query for want of time, not for what it asked. It may well answer the next one.
const isOutOfTime = (error: Error): boolean =>
  error.name === 'MongoServerError' && 'code' in error && error.code === 50;

/** Is this error about a server that is away or too busy (rather than about what was asked of it)? */
export function isUnavailable(error: unknown): boolean {
  return (
    error instanceof Error &&
    (namesOfAbsence.has(error.name) || isRetryableByLabel(error) || isOutOfTime(error))
  );
}
