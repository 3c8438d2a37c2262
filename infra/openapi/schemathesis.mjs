// Schemathesis, from PyPI: installed once for each set of pinned versions, and run on the document against a system.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../local/bootstrap/home.mjs';
import { lastLines, runCommand } from '../local/command.mjs';
import { PlainFailure } from '../local/failure.mjs';
import { cached } from '../local/servers/cache.mjs';
import { documentFile } from './document.mjs';

const INSTALL_DEADLINE_MS = 300_000;
/** It keeps notes of what it found in the folder that it runs in. */
const notes = join(root, '.local/schemathesis');
const requirements = fileURLToPath(new URL('./requirements.txt', import.meta.url));

// Checks of Schemathesis that are not promises of ours:
const notOurs = [
  // An unknown method is an unknown route here: 404 with a code, and no Allow.
  'unsupported_method',
  'allow_header_conformance',
  // What fits the shape may still be refused for a reason of the marketplace's: a ticket that is gone, say.
  'positive_data_acceptance',
  // A cancelled order can still be seen.
  'use_after_free',
];

/** @returns {Promise<string>} the folder that Python finds it in */
export async function ensureSchemathesis() {
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const version = await python(['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], 10_000);
  const entry = `schemathesis-${hash}-python${version.stdout.trim()}`;
  const program = await cached(entry, 'bin/schemathesis', async (folder) => {
    const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', folder];
    const outcome = await python([...args, '--requirement', requirements], INSTALL_DEADLINE_MS);
    if (outcome.code === 0) return;
    throw new PlainFailure('Schemathesis could not be installed with pip:', {
      detail: lastLines(outcome.output, 20),
    });
  });
  return dirname(dirname(program));
}

/** @param {string[]} args @param {number} deadlineMs @param {NodeJS.ProcessEnv} [env] */
async function python(args, deadlineMs, env = process.env) {
  mkdirSync(notes, { recursive: true });
  const outcome = await runCommand('python3', args, { deadlineMs, env, cwd: notes });
  if (outcome.isMissing) throw new PlainFailure('There is no python3, which Schemathesis runs on.');
  return outcome;
}

/**
 * @typedef {object} Run
 * @property {string} folder from ensureSchemathesis
 * @property {string} url of the system
 * @property {string} cookie who asks
 * @property {string[]} operations their ids
 * @property {number} examples for each operation
 * @property {number} seed the same seed tries the same
 * @property {number} deadlineMs
 */

/** @param {Run} run @returns {Promise<import('../local/command.mjs').Outcome>} 0 for: nothing found */
export function schemathesis({ folder, url, cookie, operations, examples, seed, deadlineMs }) {
  const options = {
    '--url': url,
    '--header': `Cookie:${cookie}`,
    '--phases': 'examples,coverage,fuzzing,stateful',
    '--exclude-checks': notOurs.join(),
    '--max-examples': String(examples),
    '--seed': String(seed),
    '--workers': '2',
    '--request-timeout': '10',
    '--generation-database': 'none',
    '--suppress-health-check': 'all',
    // The cookie is everywhere: what is answered without it, or with a bad one, is tried by infra/e2e/matrix.test.ts.
    '--generation-with-security-parameters': 'false',
    '--warnings': 'off',
  };
  const chosen = operations.flatMap((id) => ['--include-operation-id', id]);
  const args = ['-m', 'schemathesis.cli', 'run', documentFile, '--continue-on-failure', '--no-color'];
  return python([...args, ...Object.entries(options).flat(), ...chosen], deadlineMs, {
    ...process.env,
    PYTHONPATH: folder,
  });
}
