// `npm start`: installs what is missing, builds, starts every part under one supervisor, and stays until it is stopped.
// It imports nothing but Node's own modules, because it runs before `npm ci`.
import { rmSync } from 'node:fs';
import { relative } from 'node:path';
import { parseArguments } from './bootstrap/arguments.mjs';
import { createHome, homeOf, root } from './bootstrap/home.mjs';
import { assertMachine, helpText } from './bootstrap/machine.mjs';
import { buildAll, installPackages } from './bootstrap/packages.mjs';
import { demoSeller, seedDemonstration } from './bootstrap/seed.mjs';
import { readSettings } from './bootstrap/settings.mjs';
import { Stopped, onStopSignals } from './bootstrap/stop-signals.mjs';
import { errorMessage, report, survivesItsReader } from './failure.mjs';
import { defineParts } from './parts/definitions.mjs';
import { assertReachable } from './parts/externals.mjs';
import { makePlan } from './parts/plan.mjs';
import { gatewayPort } from './parts/ports.mjs';
import { ensureServers } from './servers/index.mjs';
import { findPrometheus } from './servers/prometheus.mjs';
import { openControl } from './supervisor/control-server.mjs';
import { endLeftovers, forgetProcesses, recordProcess } from './supervisor/leftovers.mjs';
import { removeOtherLogs } from './supervisor/log-file.mjs';
import { takeLock } from './supervisor/lock.mjs';
import { Supervisor } from './supervisor/supervisor.mjs';

/** @param {string} line */
const say = (line) => process.stdout.write(`${line}\n`);
survivesItsReader(process.stdout);

/** What has to be undone at the end, in reverse. @type {(() => void | Promise<void>)[]} */
const undo = [];
/** @type {Supervisor | undefined} */
let supervisor;

process.on('exit', () => supervisor?.killAllNow());
process.exitCode = await main();

async function main() {
  const stop = onStopSignals(() => process.exit(1));
  let code = 0;
  try {
    const args = parseArguments(process.argv.slice(2));
    if (args.help) say(helpText);
    else {
      await bringUp(args, stop);
      await new Promise((resolve) => {
        if (stop.aborted) resolve(undefined);
        stop.addEventListener('abort', resolve);
      });
    }
  } catch (error) {
    if (!(error instanceof Stopped)) code = report(error);
  }
  if (stop.aborted && supervisor) say('stopping');
  for (const step of undo.reverse()) {
    try {
      await step();
    } catch (error) {
      code = report(error);
    }
  }
  return code;
}

/**
 * @param {import('./bootstrap/arguments.mjs').Arguments} args
 * @param {AbortSignal} stop
 */
async function bringUp(args, stop) {
  const env = process.env;
  assertMachine();
  const settings = readSettings(env);
  const home = homeOf(env);
  createHome(home);
  undo.push(takeLock(home.run));
  const left = await endLeftovers(home.run);
  if (left.length > 0) say(`ended what an earlier run left behind: ${left.join(', ')}`);
  const port = await gatewayPort(settings.port);
  if (args.fresh) {
    rmSync(home.data, { recursive: true, force: true });
    createHome(home);
  }
  await assertReachable(settings.urls);

  const servers = await prepare(settings, stop);
  const prometheus = args.observe ? await findPrometheus({ log: say, signal: stop }) : undefined;
  const binaries = { ...servers, ...(prometheus && { prometheus }) };
  stop.throwIfAborted();
  const plan = await makePlan({ home, settings, env, replicas: args.replicas, gatewayPort: port, binaries });
  const definitions = defineParts(plan);
  removeOtherLogs(
    home.logs,
    definitions.map(({ logFile }) => logFile),
  );
  /** @param {string} name @param {number} pid */
  const record = (name, pid) => recordProcess(home.run, name, pid);
  supervisor = new Supervisor(definitions, { record, say, externals: plan.externals });
  const running = supervisor;
  undo.push(async () => {
    await running.stopAll();
    forgetProcesses(home.run);
  });
  const url = `http://localhost:${port}`;
  undo.push(await openControl(running, { runFolder: home.run, url }));
  say(`starting ${[...new Set(definitions.map(({ name }) => name))].join(', ')}`);
  say(`logs in ${relative(process.cwd(), home.logs) || '.'}`);
  await running.startAll({ signal: stop });
  if (settings.seed) await seed(`http://127.0.0.1:${port}`, home.data);
  say(`ready ${url}`);
}

/**
 * Packages, then the build, and beside them the servers: on a new machine each takes a minute.
 * @param {import('./bootstrap/settings.mjs').Settings} settings
 * @param {AbortSignal} signal
 * @returns {Promise<import("./parts/plan.mjs").Plan["binaries"]>}
 */
async function prepare({ urls, skipBuild }, signal) {
  const progress = { log: say, signal };
  const packages = skipBuild ? Promise.resolve() : installPackages(root, progress);
  const built = packages.then(() => (skipBuild ? undefined : buildAll(root, progress)));
  const only = /** @type {const} */ (['mongod', 'nats', 'redis']).filter(
    (name) => urls[name === 'mongod' ? 'mongo' : name] === undefined,
  );
  // Both to their ends, also when one fails: nothing is left running behind a refused start.
  const servers = ensureServers({ log: say, only, modules: packages, signal });
  const [, found] = await Promise.allSettled([built, servers]);
  if (found.status === 'rejected') throw found.reason;
  await built;
  return found.value;
}

/**
 * The marketplace works without it, so its failure is told and nothing more.
 * @param {string} base
 * @param {string} dataFolder
 */
async function seed(base, dataFolder) {
  try {
    await seedDemonstration(base, dataFolder);
    say(`demonstration account: ${demoSeller.email}, password ${demoSeller.password}`);
  } catch (error) {
    process.stderr.write(`The demonstration tickets could not be listed: ${errorMessage(error)}\n`);
  }
}
