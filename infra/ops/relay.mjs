// `relay`: for each service, who relays, how old its bookmark is, and what has not been announced yet.
import { errorCode, errorMessage } from '../local/failure.mjs';
import { collections, owners } from './servers.mjs';
import { ago, table } from './tables.mjs';

/** After how long an event that waits is a fault, and not just on its way. */
const tolerableMs = 5000;
const deadlineMs = 5000;
/** Replicas take it for five seconds at a time. */
const strangeLeaseMs = 60_000;
const countedEvents = 1000;
/** As in common's relay: older than the oplog, or no bookmark at all. */
const lostCodes = ['260', '280', '286', '9', '14', '15', '40647', '40649', '50872'];

/**
 * @typedef {object} RelayReport
 * @property {string} service
 * @property {string | null} leader the replica that has the lease; null when nobody has
 * @property {number} leaseMs what is left of the lease; negative when it ran out
 * @property {'none' | 'lost' | 'kept'} bookmark
 * @property {number | null} bookmarkAgeMs
 * @property {number} waiting events that the broker has not confirmed, counted up to a thousand
 * @property {number} lagMs how old the oldest of them is
 * @property {string[]} problems
 */

/**
 * @param {import('./databases.mjs').Databases} databases
 * @returns {Promise<RelayReport[]>}
 */
export const lookAtRelays = (databases) =>
  Promise.all(
    owners.flatMap((service) => {
      const database = databases[service];
      return database ? [lookAtRelay(service, database)] : [];
    }),
  );

/** @param {RelayReport[]} reports */
export function relayTable(reports) {
  const rows = reports.map(({ service, leader, leaseMs, bookmark, bookmarkAgeMs, waiting, lagMs }) => [
    service,
    leader ?? `nobody${leaseMs < 0 && leaseMs > -1e11 ? `, for ${ago(-leaseMs)}` : ''}`,
    bookmark === 'kept' ? `${ago(bookmarkAgeMs ?? 0)} old` : bookmark,
    waiting === 0
      ? 'none'
      : `${waiting}${waiting === countedEvents ? ' or more' : ''}, the oldest ${ago(lagMs)}`,
  ]);
  const problems = reports.flatMap((report) =>
    report.problems.map((problem) => `${report.service}: ${problem}`),
  );
  return [table(['service', 'leads', 'bookmark', 'events waiting'], rows), ...problems].join('\n');
}

/**
 * @param {import('./servers.mjs').Owner} service
 * @param {import('mongodb').Db} database
 * @returns {Promise<RelayReport>}
 */
async function lookAtRelay(service, database) {
  /** @type {import('mongodb').Collection<any>} */
  const collection = database.collection('relay');
  const [lease] = await collection
    .aggregate([{ $match: { _id: 'relay' } }, { $set: { now: '$$NOW' } }], { maxTimeMS: deadlineMs })
    .toArray();
  const leaseMs = lease ? lease.expiresAt.getTime() - lease.now.getTime() : -Infinity;
  const leader = leaseMs > 0 && lease?.holder ? String(lease.holder) : null;
  const token = lease?.token;
  const writtenAt = token && timeOf(token);
  const found = token ? await waitingSince(database, collections[service], token) : { waiting: 0, lagMs: 0 };
  const bookmark = !token ? 'none' : 'isLost' in found ? 'lost' : 'kept';
  const { waiting, lagMs } = 'isLost' in found ? { waiting: 0, lagMs: 0 } : found;
  const problems = [];
  if (!leader) problems.push('nobody relays: is a replica running, and does it reach its database?');
  if (leaseMs > strangeLeaseMs)
    problems.push(`the lease runs for ${ago(leaseMs)}, which no replica asks for: release it`);
  if (bookmark === 'none') problems.push('there is no bookmark: the next leader announces everything again');
  if (bookmark === 'lost')
    problems.push(
      'the bookmark is older than the oplog: the leader forgets it and announces everything again',
    );
  if (lagMs > tolerableMs) problems.push('events wait too long: is the broker there?');
  const bookmarkAgeMs = writtenAt ? Math.max(0, lease.now.getTime() - writtenAt.getTime()) : null;
  return { service, leader, leaseMs, bookmark, bookmarkAgeMs, waiting, lagMs, problems };
}

/**
 * Follows the relay's own change stream from its bookmark to now, and counts what carries an event.
 * @param {import('mongodb').Db} database
 * @param {string} collection
 * @param {object} token
 * @returns {Promise<{ waiting: number, lagMs: number } | { isLost: true }>}
 */
async function waitingSince(database, collection, token) {
  const { operationTime } = await database.command({ ping: 1 });
  /** @type {import('mongodb').ChangeStream<any, any>} */
  const stream = database.watch([{ $match: { 'ns.coll': collection } }, ...carryEvents], {
    ...{ resumeAfter: token, maxAwaitTimeMS: 100 },
  });
  const until = Date.now() + deadlineMs;
  let waiting = 0;
  let oldest = Infinity;
  try {
    while (Date.now() < until && waiting < countedEvents) {
      const change = await stream.tryNext();
      if (change) {
        waiting++;
        oldest = Math.min(oldest, Date.parse(change.time));
      } else if (timeOf(stream.resumeToken).getTime() >= operationTime.getHighBits() * 1000) break;
    }
  } catch (error) {
    if (lostCodes.includes(errorCode(error))) return { isLost: true };
    throw new Error(`The change stream of ${collection} failed: ${errorMessage(error)}`, { cause: error });
  } finally {
    await stream.close();
  }
  return { waiting, lagMs: waiting === 0 ? 0 : Math.max(0, Date.now() - oldest) };
}

const event = { $ifNull: ['$updateDescription.updatedFields.event', '$fullDocument.event'] };
const carryEvents = [
  { $match: { operationType: { $in: ['insert', 'update', 'replace'] } } },
  { $project: { time: { $getField: { field: 'time', input: event } } } },
  { $match: { time: { $type: 'string' } } },
];

/** When the write happened that a resume token stands for: its first part is the oplog's timestamp, in seconds. */
export const timeOf = (/** @type {any} */ token) =>
  new Date(Buffer.from(String(token._data).slice(2, 10), 'hex').readUInt32BE() * 1000);
