// Every part of a running system: the servers, the five services, the client, and the gateway before them.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../bootstrap/home.mjs';
import { isHttpReady, isTcpReady } from '../servers/index.mjs';
import { definePart, node } from './define-part.mjs';
import { prometheusPart } from './prometheus-part.mjs';
import { serverParts } from './server-parts.mjs';
import { serviceEnvironment, serviceNeeds, services } from './service-environment.mjs';

/** @typedef {import('../supervisor/part.mjs').PartDefinition} PartDefinition */
/** @typedef {import('./plan.mjs').Plan} Plan */

/**
 * @param {Plan} plan
 * @returns {PartDefinition[]}
 */
export function defineParts(plan) {
  const servicesAndClient = [...services.flatMap((name) => service(name, plan)), ...client(plan)];
  return [...serverParts(plan), ...servicesAndClient, gateway(plan), ...prometheusPart(plan)];
}

/**
 * @param {import('./service-environment.mjs').ServiceName} name
 * @param {Plan} plan
 */
function service(name, plan) {
  return plan.ports.services[name].map((port, i) => {
    const url = `http://127.0.0.1:${port}`;
    return definePart(plan, {
      name,
      replica: i + 1,
      of: plan.replicas,
      port,
      url,
      isReady: () => isHttpReady(`${url}/readyz`),
      needs: serviceNeeds[name],
      round: 'services',
      // A small nursery keeps an idle service under 80 MiB; measured in docs/performance.md.
      command: node('--max-semi-space-size=4', 'dist/main.js'),
      cwd: join(root, name),
      env: serviceEnvironment(name, i + 1, port, plan.shared),
    });
  });
}

/**
 * The Next.js client, where there is one that has been built.
 * @param {Plan} plan
 */
function client(plan) {
  if (!hasClient()) return [];
  const port = plan.ports.client;
  const { publishableKey } = plan.shared.settings.stripe;
  return [
    definePart(plan, {
      name: 'client',
      port,
      url: `http://127.0.0.1:${port}`,
      isReady: () => isHttpReady(`http://127.0.0.1:${port}/healthz`),
      round: 'door',
      command: node('server.js'),
      cwd: join(root, clientFolder),
      env: {
        NODE_ENV: 'production',
        PORT: String(port),
        HOSTNAME: '127.0.0.1',
        API_BASE: `http://127.0.0.1:${plan.ports.gateway}`,
        ...(publishableKey && { STRIPE_PUBLISHABLE_KEY: publishableKey }),
      },
    }),
  ];
}

/** What `next build` makes to be run by plain node. */
const clientFolder = 'client/.next/standalone/client';

function hasClient() {
  return existsSync(join(root, clientFolder, 'server.js'));
}

/** @param {Plan} plan */
function gateway(plan) {
  const port = plan.ports.gateway;
  const behind = { ...plan.ports.services, ...(hasClient() && { client: [plan.ports.client] }) };
  // By the names of the Ingress' backends. Ports stay what they are, so the table never changes.
  const targets = Object.entries(behind).map(([name, ports]) => [
    `${name}-srv`,
    ports.map((each) => `127.0.0.1:${each}`),
  ]);
  return definePart(plan, {
    name: 'gateway',
    port,
    url: `http://127.0.0.1:${port}`,
    isReady: () => isTcpReady('127.0.0.1', port),
    round: 'door',
    command: node(join(root, 'infra/local/gateway.mjs')),
    env: {
      PORT: String(port),
      GATEWAY_INGRESS: join(root, 'infra/k8s/base/ingress.yaml'),
      GATEWAY_TARGETS: JSON.stringify(Object.fromEntries(targets)),
    },
  });
}
