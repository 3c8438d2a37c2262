// Prometheus, for `npm start -- --observe`: looks at every service's /metrics, and at the cluster's own alert rules.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../bootstrap/home.mjs';
import { isHttpReady } from '../servers/index.mjs';
import { dataFolderOf, definePart } from './define-part.mjs';

const rulesFile = join(root, 'infra/k8s/components/observability/rules.yaml');

/** @param {import('./plan.mjs').Plan} plan */
export function prometheusPart(plan) {
  const program = plan.binaries.prometheus;
  if (program === undefined) return [];
  const port = plan.ports.prometheus;
  const url = `http://127.0.0.1:${port}`;
  const folder = dataFolderOf(plan, 'prometheus');
  const isHurried = plan.shared.settings.hurryAlerts;
  const rules = isHurried ? join(folder, 'rules.yaml') : rulesFile;
  if (isHurried) writeFileSync(rules, hurried(readFileSync(rulesFile, 'utf8')));
  const configFile = join(folder, 'prometheus.yaml');
  // JSON is YAML.
  writeFileSync(configFile, JSON.stringify(prometheusConfig(plan.ports.services, rules, isHurried), null, 2));
  return [
    definePart(plan, {
      ...{ name: 'prometheus', port, url, round: 'door' },
      isReady: () => isHttpReady(`${url}/-/ready`),
      command: {
        program,
        args: [
          `--config.file=${configFile}`,
          `--storage.tsdb.path=${join(folder, 'tsdb')}`,
          '--storage.tsdb.retention.time=2d',
          `--web.listen-address=127.0.0.1:${port}`,
          '--log.level=warn',
        ],
      },
    }),
  ];
}

/**
 * @param {Record<string, number[]>} ports of each service's replicas
 * @param {string} rules
 * @param {boolean} isHurried
 */
export function prometheusConfig(ports, rules, isHurried) {
  const every = isHurried ? '1s' : '5s';
  const replicas = Object.entries(ports).flatMap(([service, each]) =>
    each.map((port, i) => ({ service, instance: `${service}-${i + 1}`, port })),
  );
  return {
    global: { scrape_interval: every, scrape_timeout: every, evaluation_interval: every },
    rule_files: [rules],
    scrape_configs: [
      {
        job_name: 'ticketing',
        // The services say themselves which service they are.
        honor_labels: true,
        static_configs: replicas.map(({ service, instance, port }) => ({
          targets: [`127.0.0.1:${port}`],
          labels: { service, instance },
        })),
      },
    ],
  };
}

/** The same rules for a rehearsal: seconds instead of minutes. @param {string} rules */
export const hurried = (rules) =>
  rules
    .replaceAll(/\bfor: \d+[sm]$/gm, 'for: 2s')
    .replaceAll('[5m]', '[15s]')
    // Three starts take their time.
    .replaceAll('[10m]', '[40s]');
