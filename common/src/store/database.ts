// A service's own MongoDB: connected before anything is served, its indexes built, closed last.
import os from 'node:os';
import mongoose, { type Connection } from 'mongoose';
import type { Logger } from '../process/logger';
import { pause } from '../process/pause';
import type { Part } from '../process/service';
import { isUnavailable } from '../process/unavailable';
import { RefusedWrite } from './bulk-write';

const startTimeoutMs = 60_000;

/**
 * Opens no connection yet: models are made on `connection` first, then `start()` connects and builds their indexes,
 * among them the unique ones that decide races.
 */
export class Database implements Part {
  readonly name = 'database';
  readonly connection: Connection;
  private readonly stopping = new AbortController();

  constructor(
    private readonly uri: string,
    private readonly logger: Logger,
  ) {
    this.connection = mongoose.createConnection();
  }

  /** Waits up to a minute for a MongoDB that is away; whoever starts the process decides what comes next. */
  async start(): Promise<void> {
    const deadline = Date.now() + startTimeoutMs;
    for (let pauseMs = 250; ; pauseMs = Math.min(pauseMs * 2, 5000)) {
      try {
        await this.connect();
        return;
      } catch (error) {
        // Anything else (a wrong password, an index that contradicts one that is there) waiting does not mend.
        if (!isUnavailable(error)) throw error;
        if (Date.now() + pauseMs > deadline || this.stopping.signal.aborted) {
          throw new Error('MongoDB cannot be reached, or is not a replica set (see MONGO_URI).', {
            cause: error,
          });
        }
        this.logger.warn({ reason: (error as Error).message, pauseMs }, 'waiting for MongoDB');
        await pause(pauseMs, this.stopping.signal);
      }
    }
  }

  isUp(): boolean {
    return this.connection.readyState === mongoose.ConnectionStates.connected;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.connection.close();
  }

  private async connect(): Promise<void> {
    await this.connection.openUri(this.uri, {
      // Heard here only: `connection.set()` takes them and has no effect.
      bufferCommands: false,
      autoIndex: false,
      autoCreate: false,
      serverSelectionTimeoutMS: 5000,
      socketTimeoutMS: 30_000,
      maxPoolSize: 20,
      // Answers of 2xx are promises: on disk at a majority before they are given.
      writeConcern: { w: 'majority', journal: true },
      // mongoose's own import of node:os hangs inside jest (typegoose/mongodb-memory-server#1026).
      runtimeAdapters: { os },
    });
    // The relay follows the oplog, which only replica sets have; of one member will do.
    const { setName } = (await this.connection.getClient().db().command({ hello: 1 })) as {
      setName?: string;
    };
    if (setName === undefined)
      throw new Error('The MongoDB of MONGO_URI is no replica set: start it with --replSet.');
    await Promise.all(Object.values(this.connection.models).map((model) => model.createIndexes()));
  }
}

/** Did a unique index (the one of this name, where one is given) refuse this write? */
export const isDuplicateKey = (error: unknown, index?: string): boolean =>
  (error instanceof mongoose.mongo.MongoServerError || error instanceof RefusedWrite) &&
  error.code === 11000 &&
  // Servers name the index in their message only.
  (index === undefined || error.message.includes(` index: ${index} `));
