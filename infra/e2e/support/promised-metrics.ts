// The metrics that the alert rules, the dashboards and the documents speak of.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

const root = resolve(__dirname, '../../..');
const folder = join(root, 'infra/k8s/components/observability');
const read = (path: string): string => readFileSync(path, 'utf8');

interface Rules {
  groups: { rules: { alert: string; expr: string }[] }[];
}
interface Dashboard {
  panels: { title: string; targets?: { expr: string }[] }[];
}

const rulesOf = (): Rules['groups'][number]['rules'] =>
  (parse(read(join(folder, 'rules.yaml'))) as Rules).groups.flatMap(({ rules }) => rules);

export const alertNames = (): string[] => rulesOf().map(({ alert }) => alert);

/** Where a metric is asked for, by its name. */
export function metricsAskedFor(): Map<string, string> {
  const rules = rulesOf().map(({ alert, expr }) => ({ where: alert, expr }));
  const panels = readdirSync(join(folder, 'dashboards')).flatMap((file) =>
    (JSON.parse(read(join(folder, 'dashboards', file))) as Dashboard).panels.flatMap(
      ({ title, targets = [] }) => targets.map(({ expr }) => ({ where: `${file}: ${title}`, expr })),
    ),
  );
  return new Map(
    [...rules, ...panels].flatMap(({ where, expr }) => namesIn(expr).map((name) => [name, where])),
  );
}

/** An expression's metrics: what is left without labels, groupings, ranges and functions. */
function namesIn(expr: string): string[] {
  const bare = expr.replaceAll(/\{[^}]*\}|\b(by|without|on) \([^)]*\)|\[[^\]]*\]/g, ' ');
  return [...bare.matchAll(/\b[a-z][a-z0-9]*(?:_[a-z0-9]+)*\b(?!\s*\()/g)]
    .map(([name]) => name)
    .filter((name) => !['by', 'and', 'or', 'unless'].includes(name) && !/^\d/.test(name));
}

/** The names in the metrics' table of docs/operating.md. */
export const metricsDocumented = (): string[] =>
  [...read(join(root, 'docs/operating.md')).matchAll(/^\| `([a-z_]+)` +\|/gm)].map(([, name]) => name ?? '');
