// Each server's command line, the same for `npm start` and for tests.

/** @typedef {{ program: string, args: string[] }} ServerCommand */

/**
 * A replica set of one, for change streams; initiated by ensurePrimary().
 * @param {{ binary: string, port: number, dataFolder: string, oplogMegabytes?: number, cacheGigabytes?: number }} options
 * @returns {ServerCommand}
 */
export function mongodCommand({ binary, port, dataFolder, oplogMegabytes = 990, cacheGigabytes = 0.5 }) {
  const args = ['--replSet', 'rs0', '--bind_ip', '127.0.0.1', '--port', String(port), '--dbpath', dataFolder];
  args.push('--wiredTigerCacheSizeGB', String(cacheGigabytes), '--oplogSize', String(oplogMegabytes));
  args.push('--quiet', '--nounixsocket');
  // A signalled shutdown otherwise waits 15 s for the members that a set of one does not have; and the metrics it
  // records for MongoDB's support cost an idle machine about a hundredth of a core.
  args.push('--setParameter', 'shutdownTimeoutMillisForSignaledShutdown=100');
  args.push('--setParameter', 'diagnosticDataCollectionEnabled=false');
  return { program: binary, args };
}

/**
 * The file store, a million messages a channel, and clients given up within seconds of their death.
 * @param {{ binary: string, port: number, monitorPort: number, dataFolder: string, clusterId?: string }} options
 * @returns {ServerCommand}
 */
export function natsCommand({ binary, port, monitorPort, dataFolder, clusterId = 'ticketing' }) {
  const args = [
    '-store',
    'file',
    '-dir',
    dataFolder,
    '-cid',
    clusterId,
    '-a',
    '127.0.0.1',
    '-p',
    String(port),
  ];
  args.push('-m', String(monitorPort), '-mm', '1000000', '-mb', '0'); // no bound on a channel's bytes
  args.push('-hbi', '2s', '-hbt', '1s', '-hbf', '2');
  return { program: binary, args };
}

/**
 * Every change in the append-only file, synced each second; no snapshots beside it.
 * @param {{ binary: string, port: number, dataFolder: string }} options
 * @returns {ServerCommand}
 */
export function redisCommand({ binary, port, dataFolder }) {
  const args = ['--bind', '127.0.0.1', '--port', String(port), '--dir', dataFolder];
  args.push('--appendonly', 'yes', '--appendfsync', 'everysec', '--save', '');
  return { program: binary, args };
}
