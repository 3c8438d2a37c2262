// `npm test`: sets up what is missing, runs every check and every test, and ends with how many passed and failed.
// It imports nothing but Node's own modules, because it runs before `npm ci`.
import { relative } from 'node:path';
import { root } from '../local/bootstrap/home.mjs';
import { assertMachine } from '../local/bootstrap/machine.mjs';
import { buildAll, installPackages } from '../local/bootstrap/packages.mjs';
import { Stopped, onStopSignals } from '../local/bootstrap/stop-signals.mjs';
import { lastLines } from '../local/command.mjs';
import { PlainFailure, report } from '../local/failure.mjs';
import { findChromium } from '../local/servers/chromium.mjs';
import { ensureServers } from '../local/servers/index.mjs';
import { runSuite } from './run-suite.mjs';
import { chooseSuites, findSuites } from './suites.mjs';

const AT_ONCE = 2;
const SHOWN_LINES = 300;
const folder = `${root}/.local/test`;

/** @param {string} line */
const say = (line) => process.stdout.write(`${line}\n`);
const total = { passed: 0, failed: 0 };
const signal = onStopSignals(() => process.exit(1));

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof PlainFailure && error.exitCode === 2) process.exit(report(error));
  total.failed++;
  report(error instanceof Stopped ? new PlainFailure('Stopped before the end.') : error);
}
say(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;

/** @param {string[]} names */
async function main(names) {
  assertMachine();
  const suites = chooseSuites(findSuites(root), names);
  const packages = installPackages(root, { log: say, signal });
  const servers = ensureServers({ log: say, modules: packages, signal });
  const browser = suites.some(({ name }) => name === 'e2e') ? findBrowser() : undefined;
  await Promise.all([packages, servers, browser]);
  const isBuilt = await build();
  // Without a build the systems would run what was compiled before, and prove nothing.
  const runnable = suites.filter(({ name }) => isBuilt || name !== 'e2e');
  if (runnable.length < suites.length)
    tell('e2e', { passed: 0, failed: 1, seconds: 0, why: 'the build failed' });

  const together = runnable.filter(({ isAlone }) => !isAlone).values();
  const worker = async () => {
    for (const suite of together) await run(suite);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  for (const suite of runnable) if (suite.isAlone) await run(suite);
}

/** Fetched beside the rest. Where it cannot be had, the tests that need it fail, and only they. */
async function findBrowser() {
  try {
    process.env['CHROME_PATH'] = await findChromium({ log: say, signal });
  } catch (error) {
    if (!(error instanceof PlainFailure)) throw error;
    tell('browser', { passed: 0, failed: 1, seconds: 0, why: error.message });
  }
}

/** The compiler is the first check. */
async function build() {
  const startedAt = Date.now();
  /** @type {unknown} */
  let failure;
  await buildAll(root, { log: say, signal }).catch((error) => (failure = error));
  signal.throwIfAborted();
  const seconds = (Date.now() - startedAt) / 1000;
  tell('build', { passed: failure ? 0 : 1, failed: failure ? 1 : 0, seconds });
  if (failure) report(failure);
  return !failure;
}

/** @param {import('./suites.mjs').Suite} suite */
async function run(suite) {
  signal.throwIfAborted();
  if (suite.isAlone) say(`  ${suite.name} …`);
  const result = await runSuite(suite, { folder, signal });
  signal.throwIfAborted();
  tell(suite.name, result);
  if (result.failed === 0) return;
  const { log, output } = result;
  say(`\n${lastLines(output, SHOWN_LINES)}\n\nall of it: ${relative(process.cwd(), log)}\n`);
}

/**
 * Counts, and prints one line.
 * @param {string} name
 * @param {import('./outcome.mjs').Counts & { seconds: number }} result
 */
function tell(name, { passed, failed, why, seconds }) {
  total.passed += passed;
  total.failed += failed;
  const counts = failed === 0 ? `${passed} passed` : `${passed} passed, ${failed} failed`;
  const line = `${failed === 0 ? '✓' : '✗'} ${name.padEnd(16)} ${counts.padEnd(24)} ${seconds.toFixed(1)} s`;
  say(why === undefined ? line : `${line}  (${why})`);
}
