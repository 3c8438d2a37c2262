// One MongoDB replica set for all test files (a database each); the other servers' programs for those that want them.
const { MongoMemoryReplSet } = require('mongodb-memory-server');

module.exports = async () => {
  const { ensureServers } = await import('../local/servers/index.mjs');
  const programs = await ensureServers({ log: (line) => process.stderr.write(`${line}\n`) });
  process.env.NATS_STREAMING_PROGRAM = programs.nats;
  process.env.REDIS_PROGRAM = programs.redis;
  const mongo = await MongoMemoryReplSet.create({
    binary: { systemBinary: programs.mongod, version: '6.0.5', checkMD5: false },
    instanceOpts: [
      { storageEngine: 'wiredTiger', args: ['--wiredTigerCacheSizeGB', '0.5', '--oplogSize', '990'] },
    ],
    replSet: { count: 1, storageEngine: 'wiredTiger' },
  });
  Object.assign(globalThis, { ticketingTestMongo: mongo });
  process.env.TEST_MONGO_URI = mongo.getUri();
};
