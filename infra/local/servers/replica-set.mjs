// Makes a lone mongod a working replica set of one, on whatever port it has this time.

const SET = 'rs0';
const NOT_YET_INITIALIZED = 94;
const INVALID_CONFIG = 93;

/**
 * One step towards a primary; ask again until it answers true. Safe at any time, also on one that is primary already.
 * @param {number} port
 * @param {{ timeoutMs?: number }} [options]
 * @returns {Promise<boolean>} rejects where the server cannot be reached
 */
export async function ensurePrimary(port, { timeoutMs = 1_000 } = {}) {
  // Only here, and late: the bootstrap runs before node_modules is there.
  const { MongoClient } = await import('mongodb');
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
    serverSelectionTimeoutMS: timeoutMs,
    connectTimeoutMS: timeoutMs,
    socketTimeoutMS: timeoutMs * 5,
    maxPoolSize: 1,
    // Loaded here and handed over, because the driver's own late import hangs inside jest.
    runtimeAdapters: { os: await import('node:os') },
  });
  try {
    const admin = client.db('admin');
    const hello = await admin.command({ hello: 1 });
    if (hello['isWritablePrimary'] === true) return true;
    const host = `127.0.0.1:${port}`;
    const state = await setState(admin);
    if (state === NOT_YET_INITIALIZED) {
      await admin.command({ replSetInitiate: { _id: SET, members: [{ _id: 0, host }] } });
    } else if (state === INVALID_CONFIG) {
      // Kept data, another port: its only member is named by the old one, so it finds itself in no set.
      const { config } = await client
        .db('local')
        .command({ find: 'system.replset', limit: 1 })
        .then(firstConfig);
      config.members[0].host = host;
      await admin.command({ replSetReconfig: { ...config, version: config.version + 1 }, force: true });
    }
    return false;
  } finally {
    await client.close();
  }
}

/**
 * @param {import('mongodb').Db} admin
 * @returns {Promise<number>} the error code by which the server says why it is in no set; 0 where it is in one
 */
async function setState(admin) {
  try {
    await admin.command({ replSetGetStatus: 1 });
    return 0;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? Number(error.code) : 0;
    if (code === NOT_YET_INITIALIZED || code === INVALID_CONFIG) return code;
    throw error;
  }
}

/** @param {import('mongodb').Document} answer */
function firstConfig(answer) {
  return { config: answer['cursor'].firstBatch[0] };
}
