// Takes programs and files out of Go modules, each pinned by version and hash.
import { runCommand, lastLines } from '../command.mjs';
import { PlainFailure } from '../failure.mjs';

/**
 * @typedef {object} PinnedModule
 * @property {string} path
 * @property {string} version
 * @property {string} sum Go's own hash of it; what it needs in turn is checked by Go against its checksum database
 * @property {string} [program] the package to compile, below the module; the module's own unless told
 */

/** @typedef {{ signal: AbortSignal | undefined, advice?: string }} Options `advice` follows what went wrong */

/**
 * Compiles a program into `folder`.
 * @param {PinnedModule} module
 * @param {string} folder
 * @param {Options} options
 */
export async function installFromGo(module, folder, options) {
  await downloadFromGo(module, folder, options);
  const target = `${module.path}${module.program ?? ''}@${module.version}`;
  await go(['install', '-trimpath', target], folder, options);
}

/**
 * @param {PinnedModule} module
 * @param {string} folder where Go is run, outside of any module
 * @param {Options} options
 * @returns {Promise<string>} the folder, in Go's cache, with the module's files
 */
export async function downloadFromGo(module, folder, options) {
  const target = `${module.path}@${module.version}`;
  const { stdout } = await go(['mod', 'download', '-json', target], folder, options);
  assertModuleSum(stdout, module);
  return JSON.parse(stdout).Dir;
}

/**
 * @param {string} downloadJson what `go mod download -json` printed
 * @param {PinnedModule} module
 */
export function assertModuleSum(downloadJson, { path, version, sum }) {
  const found = JSON.parse(downloadJson).Sum;
  if (found === sum) return;
  throw new PlainFailure(
    `${path} ${version} is not the module that is pinned here (${found} instead of ${sum}), so it was not used.`,
  );
}

/**
 * @param {string[]} args
 * @param {string} folder
 * @param {Options} options
 */
async function go(args, folder, { signal, advice = '' }) {
  const env = { ...process.env, GOBIN: folder, GOWORK: 'off' };
  const outcome = await runCommand('go', args, { deadlineMs: 300_000, env, cwd: folder, signal });
  if (outcome.code === 0) return outcome;
  throw outcome.isMissing
    ? new PlainFailure(`There is no Go, which compiles this: install Go 1.20 or newer. ${advice}`)
    : new PlainFailure(`It could not be compiled: "go ${args.join(' ')}" failed. ${advice}`, {
        detail: lastLines(outcome.output, 10),
      });
}
