// `npm run test:k8s [-- story deletions rollouts mishaps] [--keep]`: the system in a real cluster, and what can happen to it there.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../local/bootstrap/home.mjs';
import { PlainFailure, report } from '../../../local/failure.mjs';
import { until } from '../../../local/wait.mjs';
import {
  apply,
  assertNamespaceIsOurs,
  kubectl,
  makeCertificate,
  makeSecrets,
  namespace,
  removeAll,
  startTimes,
  whenDeployed,
} from './deploy.mjs';

const usage = `npm run test:k8s [-- story|deletions|rollouts|mishaps …] [--keep]

  It deploys into the cluster that kubectl reaches, and deletes the namespace ${namespace} at the end (--keep does not).
  TICKETING_URL      the front door, https://ticketing.dev unless told
  TICKETING_ADDRESS  its IP address, where the name is not in DNS or /etc/hosts
  OVERLAY            infra/k8s/overlays/test unless told
  IMAGE_PREFIX       where the images are, such as ghcr.io/you/ (none: on the nodes)
  IMAGE_TAG          the overlay's own unless told`;
const parts = ['story', 'deletions', 'rollouts', 'mishaps'];
const FRONT_DOOR_MS = 60_000;

const folder = join(root, '.local/k8s-test');
const figures = join(folder, 'figures.txt');
const environment = process.env;
const url = environment['TICKETING_URL'] ?? 'https://ticketing.dev';
/** @param {string} line */
const say = (line) => process.stdout.write(`${line}\n`);

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = report(error);
}

/** @param {string[]} args @returns {Promise<number>} the exit code */
async function main(args) {
  const names = args.filter((arg) => arg !== '--keep');
  const unknown = names.find((name) => !parts.includes(name));
  if (unknown !== undefined) throw new PlainFailure(`There is no ${unknown}.\n\n${usage}`, { exitCode: 2 });

  say(`cluster: ${(await kubectl('config', 'current-context')).trim()}`);
  await assertNamespaceIsOurs();
  rmSync(figures, { force: true });
  const certificate = join(folder, 'tls.crt');
  const isThere = (await kubectl('get', 'namespace', namespace, '--ignore-not-found')) !== '';
  if (!isThere || !existsSync(certificate)) await makeCertificate({ folder, host: new URL(url).hostname });
  await makeSecrets(certificate);
  await apply({
    ...{ root, folder, overlay: environment['OVERLAY'] ?? 'infra/k8s/overlays/test' },
    ...{ prefix: environment['IMAGE_PREFIX'] ?? '', tag: environment['IMAGE_TAG'] ?? '' },
  });
  say(`deployed: all ready after ${(await whenDeployed()).toFixed(1)} s`);
  if (!isThere) say(`from a pod's making to its being ready, s: ${JSON.stringify(await startTimes())}`);
  const code = await runTests(names.length > 0 ? names : parts, certificate);
  if (existsSync(figures)) say(`\n${readFileSync(figures, 'utf8')}`);
  if (!args.includes('--keep')) await removeAll();
  return code;
}

/** @param {string[]} names @param {string} certificate @returns {Promise<number>} */
async function runTests(names, certificate) {
  const env = { ...environment, FIGURES_FILE: figures, NODE_EXTRA_CA_CERTS: certificate };
  const preload = environment['TICKETING_ADDRESS']
    ? ['--import', join(import.meta.dirname, 'resolve.mjs')]
    : [];
  await whenFrontDoorAnswers(env, preload);
  const jest = [
    join(root, 'node_modules/jest/bin/jest.js'),
    '-c',
    join(import.meta.dirname, 'jest.config.cjs'),
    '-i',
  ];
  // In this order, and each on its own: what one has broken shall not be another's failure to understand.
  for (const name of parts.filter((each) => names.includes(each))) {
    const code = await run([...preload, ...jest, `${name}.test.ts`], env);
    if (code !== 0) return code;
  }
  return 0;
}

/** An ingress controller takes a moment for a new route. @param {NodeJS.ProcessEnv} env @param {string[]} preload */
async function whenFrontDoorAnswers(env, preload) {
  const script = `fetch(${JSON.stringify(`${url}/api/users/currentuser`)}).then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))`;
  const answers = async () => (await run([...preload, '-e', script], env)) === 0;
  if (await until(answers, { deadlineMs: FRONT_DOOR_MS })) return;
  throw new PlainFailure(
    `${url} does not answer: is its name known here (TICKETING_ADDRESS), and an ingress controller there?`,
  );
}

/** @param {string[]} args @param {NodeJS.ProcessEnv} env @returns {Promise<number>} */
function run(args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: 'inherit' });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
