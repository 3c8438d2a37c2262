// Puts the system into a cluster for `npm run test:k8s`: a namespace that is this test's own, secrets made up, images by their tag.
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lastLines, runCommand } from '../../../local/command.mjs';
import { PlainFailure } from '../../../local/failure.mjs';
import { until } from '../../../local/wait.mjs';

export const namespace = 'ticketing';
const mark = 'ticketing/test';
const images = ['auth', 'tickets', 'orders', 'payments', 'expiration', 'client', 'stripe-emulator'];
const DEADLINE_MS = 300_000;

/** @param {string[]} args @returns {Promise<string>} what kubectl printed */
export async function kubectl(...args) {
  const outcome = await runCommand('kubectl', args, { deadlineMs: DEADLINE_MS });
  if (outcome.isMissing) throw new PlainFailure('There is no kubectl.');
  if (outcome.code === 0) return outcome.stdout;
  throw new PlainFailure(`kubectl ${args.slice(0, 4).join(' ')} … failed.`, {
    detail: lastLines(outcome.output, 20),
  });
}

/** Throws where the namespace is there and is somebody's: it is deleted at the end. */
export async function assertNamespaceIsOurs() {
  const found = await kubectl('get', 'namespace', namespace, '--ignore-not-found', '-o', 'json');
  if (found === '' || JSON.parse(found).metadata.labels?.[mark] === 'true') return;
  throw new PlainFailure(
    `This cluster has a namespace ${namespace} that is not this test's. The test deletes everything in it: use another cluster.`,
  );
}

/**
 * @param {{ folder: string, host: string }} options
 * @returns {Promise<string>} the certificate's file, which is its own authority
 */
export async function makeCertificate({ folder, host }) {
  await mkdir(folder, { recursive: true });
  const [key, certificate] = [join(folder, 'tls.key'), join(folder, 'tls.crt')];
  const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '7', '-subj', `/CN=${host}`];
  args.push('-addext', `subjectAltName=DNS:${host}`, '-keyout', key, '-out', certificate);
  const { code, output } = await runCommand('openssl', args, { deadlineMs: 60_000 });
  if (code !== 0) throw new PlainFailure('openssl made no certificate.', { detail: lastLines(output, 5) });
  return certificate;
}

/** The namespace, and what `kubectl create secret` makes for a person. @param {string} certificate */
export async function makeSecrets(certificate) {
  await kubectl('create', 'namespace', namespace).catch(ignoreExisting);
  await kubectl('label', 'namespace', namespace, `${mark}=true`, '--overwrite');
  const secret = ['-n', namespace, 'create', 'secret'];
  const keys = [`--from-literal=JWT_KEY=${randomBytes(32).toString('hex')}`];
  keys.push('--from-literal=STRIPE_KEY=sk_test_local');
  await kubectl(...secret, 'generic', 'ticketing-secrets', ...keys).catch(ignoreExisting);
  const tls = [`--cert=${certificate}`, `--key=${certificate.replace(/crt$/, 'key')}`];
  await kubectl(...secret, 'tls', 'ticketing-tls', ...tls).catch(ignoreExisting);
}

/** @param {unknown} error */
function ignoreExisting(error) {
  if (!(error instanceof PlainFailure) || !/already exists/.test(String(error.detail))) throw error;
}

/**
 * Applies the overlay, with images from where they are.
 * @param {{ root: string, folder: string, overlay: string, prefix: string, tag: string }} options
 */
export async function apply({ root, folder, overlay, prefix, tag }) {
  const target = join(folder, 'overlay');
  await mkdir(target, { recursive: true });
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: [join('../../..', overlay)],
    images: images.map((name) => ({
      name: `ticketing/${name}`,
      newName: `${prefix}ticketing/${name}`,
      ...(tag && { newTag: tag }),
    })),
    labels: [{ pairs: { [mark]: 'true' } }],
  };
  await writeFile(join(target, 'kustomization.yaml'), JSON.stringify(kustomization));
  // kustomize wants a path below where it runs to be relative.
  if (!target.startsWith(root)) throw new Error(`${target} is not inside the repository`);
  return kubectl('apply', '--server-side', '--force-conflicts', '-k', target);
}

/** Waits for everything to run. @returns {Promise<number>} seconds */
export async function whenDeployed() {
  const startedAt = Date.now();
  const kinds = ['statefulset', 'deployment'];
  for (const kind of kinds) {
    const names = (await kubectl('-n', namespace, 'get', kind, '-o', 'name')).trim().split('\n');
    for (const name of names) await kubectl('-n', namespace, 'rollout', 'status', name, '--timeout=280s');
  }
  // Autoscalers begin with one, and say a little later how many it shall be.
  const all = async () => {
    const { items } = JSON.parse(await kubectl('-n', namespace, 'get', 'hpa,deployments', '-o', 'json'));
    const ready = new Map(
      items.map((/** @type {any} */ { kind, metadata, status }) => [
        `${kind}/${metadata.name}`,
        status.readyReplicas,
      ]),
    );
    return items
      .filter((/** @type {any} */ { kind }) => kind === 'HorizontalPodAutoscaler')
      .every(
        (/** @type {any} */ { spec }) =>
          ready.get(`Deployment/${spec.scaleTargetRef.name}`) >= spec.minReplicas,
      );
  };
  if (!(await until(all, { deadlineMs: DEADLINE_MS, everyMs: 1000 })))
    throw new PlainFailure('Not all replicas became ready: see kubectl -n ticketing get pods.');
  return (Date.now() - startedAt) / 1000;
}

/** From a pod's making to its being ready, in seconds, the slowest of each kind. @returns {Promise<Record<string, number>>} */
export async function startTimes() {
  const { items } = JSON.parse(await kubectl('-n', namespace, 'get', 'pods', '-o', 'json'));
  /** @type {Record<string, number>} */
  const seconds = {};
  for (const { metadata, status } of items) {
    const ready = status.conditions.find((/** @type {any} */ { type }) => type === 'Ready');
    const took = (Date.parse(ready.lastTransitionTime) - Date.parse(metadata.creationTimestamp)) / 1000;
    seconds[metadata.labels.app] = Math.max(seconds[metadata.labels.app] ?? 0, took);
  }
  return seconds;
}

export const removeAll = () => kubectl('delete', 'namespace', namespace, '--wait=true', '--timeout=200s');
