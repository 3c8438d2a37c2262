// The services' databases, opened for one command and closed after it; every wait has a deadline.
import { MongoClient } from 'mongodb';
import { PlainFailure, errorMessage } from '../local/failure.mjs';
import { owners } from './servers.mjs';

/**
 * Auth's is for `relay` alone, and may be left out.
 * @typedef {Record<'tickets' | 'orders' | 'payments', import('mongodb').Db> & { auth?: import('mongodb').Db }} Databases
 */

const timeouts = { serverSelectionTimeoutMS: 5000, connectTimeoutMS: 5000, socketTimeoutMS: 30_000 };

/**
 * @template T
 * @param {import('./servers.mjs').Servers} servers
 * @param {(databases: Databases) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withDatabases({ mongo }, work) {
  /** @type {MongoClient[]} */
  const clients = [];
  try {
    const wanted = owners.filter((owner) => owner !== 'auth' || mongo.auth);
    const opened = wanted.map(async (owner) => {
      const uri = mongo[owner];
      const variable = `${owner.toUpperCase()}_MONGO_URI`;
      if (!uri) throw new PlainFailure(`${variable} is missing in the environment.`, { exitCode: 2 });
      const client = clientOf(uri, variable);
      clients.push(client);
      try {
        await client.connect();
      } catch (error) {
        throw new PlainFailure(`The database of ${owner} cannot be reached: ${errorMessage(error)}`, {
          cause: error,
        });
      }
      return [owner, client.db()];
    });
    // All of them first: what is still connecting could not be closed.
    const outcomes = await Promise.allSettled(opened);
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
    return await work(Object.fromEntries(await Promise.all(opened)));
  } finally {
    await Promise.all(clients.map((client) => client.close()));
  }
}

/** @param {string} uri @param {string} variable */
function clientOf(uri, variable) {
  try {
    return new MongoClient(uri, timeouts);
  } catch (error) {
    // The driver's own sentence may repeat the address with its password.
    throw new PlainFailure(`${variable} is no address of a MongoDB.`, { exitCode: 2, cause: error });
  }
}
