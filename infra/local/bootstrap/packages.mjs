// Installs the packages where node_modules is missing or of another lock file, compiles, and builds the client.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastLines, runCommand } from '../command.mjs';
import { PlainFailure, errorCode } from '../failure.mjs';

/** @typedef {{ log: (line: string) => void, signal?: AbortSignal | undefined }} Progress */

/**
 * @param {string} root
 * @param {Progress} progress
 * @returns {Promise<boolean>} whether anything was installed
 */
export async function installPackages(root, { log, signal }) {
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const hash = createHash('sha256').update(lock).digest('hex');
  const marker = join(root, 'node_modules/.ticketing-lock-sha256');
  if (readIfThere(marker) === hash) return false;
  const installed = readIfThere(join(root, 'node_modules/.package-lock.json'));
  const isInstalled = installed !== undefined && matchesLock(lock, installed);
  if (!isInstalled) {
    log('packages: npm ci');
    const outcome = await runCommand('npm', ['ci', '--no-audit', '--no-fund'], {
      deadlineMs: 600_000,
      cwd: root,
      signal,
    });
    if (outcome.code !== 0) {
      const message =
        'The packages could not be installed: "npm ci" failed; mend what it says and start again.';
      throw new PlainFailure(message, { detail: lastLines(outcome.output, 30) });
    }
  }
  writeFileSync(marker, hash);
  return !isInstalled;
}

/**
 * Whether what npm noted as installed is what the lock file says, so that a person's own `npm install` counts.
 * Packages for other platforms are optional, and absent.
 * @param {string} lock package-lock.json
 * @param {string} installed node_modules/.package-lock.json
 */
export function matchesLock(lock, installed) {
  /** @typedef {Record<string, { version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }>} Packages */
  const wanted = /** @type {Packages} */ (JSON.parse(lock).packages);
  const present = /** @type {Packages} */ (JSON.parse(installed).packages);
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) return true;
    const found = present[path];
    if (found === undefined) return entry.optional === true || entry.devOptional === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

/**
 * @param {string} root
 * @param {Progress} progress
 */
export async function buildAll(root, { log, signal }) {
  log('building');
  const options = { deadlineMs: 300_000, cwd: root, signal };
  const [services, client] = await Promise.all([
    runCommand(process.execPath, [join(root, 'node_modules/typescript7/bin/tsc'), '-b'], options),
    runCommand(process.execPath, [join(root, 'client/build.mjs')], options),
  ]);
  const failed = [services, client].find(({ code }) => code !== 0);
  if (failed) throw new PlainFailure('The code does not compile:', { detail: lastLines(failed.output, 60) });
}

/** @param {string} path */
function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return undefined;
    throw error;
  }
}
