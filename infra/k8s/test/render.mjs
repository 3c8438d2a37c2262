// Overlays as they reach a cluster.
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { runCommand } from '../../local/command.mjs';
import { PlainFailure } from '../../local/failure.mjs';
import { ensureTool } from './tools.mjs';

const k8s = fileURLToPath(new URL('..', import.meta.url));
const DEADLINE_MS = 60_000;

/** Everything that can be applied, and what the comments in overlays/prod say can be chosen. */
export const overlays = [
  'overlays/dev',
  'overlays/prod',
  'overlays/test',
  'test/variants/managed',
  'test/variants/gateway',
];

/**
 * @param {string} overlay a folder below infra/k8s, or any by its absolute path
 * @returns {Promise<string>} YAML
 */
export async function render(overlay) {
  const kustomize = await ensureTool('kustomize');
  const outcome = await runCommand(kustomize, ['build', overlay], { deadlineMs: DEADLINE_MS, cwd: k8s });
  if (outcome.code !== 0) throw new PlainFailure(`${overlay} cannot be rendered: ${outcome.output}`);
  return outcome.stdout;
}

/** @param {string} yaml @returns {any[]} */
export const resourcesIn = (yaml) => parseAllDocuments(yaml).map((document) => document.toJS());

/** @param {any[]} resources @param {string} kind @returns {any[]} */
export const ofKind = (resources, kind) => resources.filter((each) => each.kind === kind);

/** Pods that something makes, with the name of what makes them. @param {any[]} resources @returns {{ name: string, kind: string, labels: Record<string, string>, spec: any }[]} */
export const podsIn = (resources) =>
  resources
    .filter(({ kind }) => ['Deployment', 'StatefulSet', 'DaemonSet', 'Job'].includes(kind))
    .map(({ kind, metadata, spec }) => ({
      name: metadata.name,
      kind,
      labels: spec.template.metadata.labels ?? {},
      spec: spec.template.spec,
    }));
