// Who reaches whom, by the NetworkPolicies: Kubernetes' own rules for pods of one namespace.
import { ofKind, podsIn } from './render.mjs';

/**
 * @param {any} selector
 * @param {Record<string, string>} labels
 */
export function selects(selector, labels) {
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {};
  const hasLabels = Object.entries(matchLabels).every(([key, value]) => labels[key] === value);
  const fits = matchExpressions.every((/** @type {any} */ { key, operator, values }) => {
    if (operator !== 'In') throw new Error(`${operator} is not understood here yet`);
    return values.includes(labels[key]);
  });
  return hasLabels && fits;
}

/**
 * Every pair of pods of which the first may open a connection to the second, as `from → to:port`.
 * @param {any[]} resources
 * @returns {string[]}
 */
export function reaches(resources) {
  const policies = ofKind(resources, 'NetworkPolicy').map(({ spec }) => spec);
  const pods = podsIn(resources);
  const pairs = pods.flatMap((from) => pods.filter((to) => to !== from).map((to) => ({ from, to })));
  return pairs
    .flatMap(({ from, to }) =>
      portsOf(to)
        .filter((port) => {
          const isLetOut = passes(policies, 'Egress', from.labels, to.labels, port);
          return isLetOut && passes(policies, 'Ingress', to.labels, from.labels, port);
        })
        .map((port) => `${from.name} → ${to.name}:${port.name}`),
    )
    .sort();
}

/** @param {{ spec: any }} pod @returns {{ name: string, number: number }[]} */
const portsOf = ({ spec }) =>
  spec.containers.flatMap((/** @type {any} */ { ports = [] }) =>
    ports.map((/** @type {any} */ { name, containerPort }) => ({ name, number: containerPort })),
  );

/**
 * @param {any[]} policies
 * @param {'Ingress' | 'Egress'} direction
 * @param {Record<string, string>} own labels of the pod that the policies are about
 * @param {Record<string, string>} peer
 * @param {{ name: string, number: number }} port
 */
function passes(policies, direction, own, peer, port) {
  const about = policies.filter(
    ({ podSelector, policyTypes }) => policyTypes.includes(direction) && selects(podSelector, own),
  );
  // A pod that no policy is about is open to all.
  if (about.length === 0) return true;
  const [rulesField, peersField] = direction === 'Ingress' ? ['ingress', 'from'] : ['egress', 'to'];
  return about.some((policy) =>
    (policy[rulesField] ?? []).some((/** @type {any} */ rule) => {
      const isPort =
        !rule.ports || rule.ports.some((/** @type {any} */ p) => [port.name, port.number].includes(p.port));
      return (
        isPort &&
        (!rule[peersField] || rule[peersField].some((/** @type {any} */ each) => isPeer(each, peer)))
      );
    }),
  );
}

/**
 * Address ranges and other namespaces mean somebody else than our pods.
 * @param {any} rule
 * @param {Record<string, string>} labels
 */
const isPeer = ({ podSelector, namespaceSelector, ipBlock }, labels) =>
  !ipBlock && !namespaceSelector && selects(podSelector, labels);
