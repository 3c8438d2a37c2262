// What goes wrong with pods: too much memory, images that do not run, secrets that are not there.
import { eventually, sleep } from '../../../e2e/support/eventually';
import { whenAllHoldsInside } from './support/cluster';
import { tell } from './support/figures';
import { kubectl, podsOf, whenReady, type Pod } from './support/kubectl';
import { underLoad } from './support/load';

/**
 * Makes the service's own process take memory until it has none left, through Node's inspector: another process in
 * the container would be ended in its place.
 */
const takeMemory = `
process.kill(1, 'SIGUSR1');
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
(async () => {
  for (let tries = 0; tries < 50; tries++) {
    await wait(200);
    const targets = await fetch('http://127.0.0.1:9229/json').then((a) => a.json(), () => undefined);
    if (!targets) continue;
    const socket = new WebSocket(targets[0].webSocketDebuggerUrl);
    await new Promise((done) => (socket.onopen = done));
    const expression = 'globalThis.kept = []; setInterval(() => kept.push(Buffer.alloc(8e6, 1)), 10)';
    socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } }));
    await wait(1000);
    return;
  }
  process.exit(3);
})();`;

test('a pod that takes more memory than it may is ended and started again; the others go on', async () => {
  const [victim] = await podsOf('tickets');
  if (!victim) throw new Error('There is no pod of tickets.');
  const { name } = victim.metadata;
  let ended: Pod | undefined;
  const { requests, failed, traffic } = await underLoad(async () => {
    // It may be cut off with the container.
    await kubectl('exec', name, '--', 'node', '-e', takeMemory).catch(() => '');
    ended = await eventually(
      async () => {
        const pod = (await podsOf('tickets')).find(({ metadata }) => metadata.name === name);
        if (pod?.status.containerStatuses?.[0]?.lastState.terminated) return pod;
        throw new Error(`${name} has not been ended`);
      },
      { withinMs: 60_000, everyMs: 500 },
    );
    await whenReady('tickets', (await podsOf('tickets')).length);
  });
  const status = ended?.status.containerStatuses?.[0];
  tell('a pod over its memory limit', { reason: status?.lastState.terminated?.reason, requests, failed });
  expect(status?.lastState.terminated?.reason).toBe('OOMKilled');
  // Only what it was answering at that moment.
  expect(Object.values(failed).reduce((sum, count) => sum + count, 0)).toBeLessThan(20);
  expect(await traffic.broken(await whenAllHoldsInside())).toEqual([]);
});

/** Changes a Deployment for the worse, looks at the pod that does not come up, and undoes it. */
async function withBroken(
  app: string,
  change: string[],
  isTold: (pod: Pod) => string | undefined,
): Promise<string> {
  const before = await whenReady(app, (await podsOf(app)).length);
  let told = '';
  const { failed, requests } = await underLoad(async () => {
    await kubectl(...change);
    told = await eventually(
      async () => {
        const said = (await podsOf(app)).map(isTold).find((each) => each !== undefined);
        if (said === undefined) throw new Error(`no pod of ${app} says what is wrong`);
        return said;
      },
      { withinMs: 120_000, everyMs: 500 },
    );
    await sleep(5000);
    const now = (await podsOf(app)).map(({ metadata }) => metadata.name);
    expect(before.filter(({ metadata }) => !now.includes(metadata.name))).toEqual([]);
  });
  await kubectl('rollout', 'undo', `deployment/${app}`);
  await kubectl('rollout', 'status', `deployment/${app}`, '--timeout=180s');
  await whenReady(app, before.length);
  tell(change.slice(0, 3).join(' '), { requests, failed, 'the new pod says': told });
  expect(failed).toEqual({});
  return told;
}

const waiting = ({ status }: Pod): { reason: string; message?: string } | undefined =>
  status.containerStatuses?.[0]?.state.waiting;

test('an image that is not there: the old one goes on serving', async () => {
  const said = await withBroken(
    'orders',
    ['set', 'image', 'deployment/orders', 'service=ticketing/orders:none-of-this-name'],
    (pod) => (/ErrImage|ImagePull/.test(waiting(pod)?.reason ?? '') ? waiting(pod)?.reason : undefined),
  );
  expect(said).toMatch(/ErrImage|ImagePull/);
});

test('a version that refuses to start, here for a placeholder: the old one goes on serving, and the pod says why', async () => {
  const said = await withBroken(
    'orders',
    ['set', 'env', 'deployment/orders', 'JWT_KEY=change-me-change-me-change-me-change-me'],
    ({ status }) => {
      const [container] = status.containerStatuses ?? [];
      return (container?.state.terminated ?? container?.lastState.terminated)?.message;
    },
  );
  expect(said).toContain('JWT_KEY is malformed: is a placeholder');
});

test('a secret that is not there: the pod names it', async () => {
  const secretKeyRef = { name: 'forgotten', key: 'STRIPE_KEY' };
  const env = [{ name: 'STRIPE_KEY', valueFrom: { secretKeyRef } }];
  const patch = JSON.stringify({ spec: { template: { spec: { containers: [{ name: 'service', env }] } } } });
  const said = await withBroken('payments', ['patch', 'deployment', 'payments', '-p', patch], (pod) => {
    const { reason, message } = waiting(pod) ?? {};
    return reason === 'CreateContainerConfigError' ? message : undefined;
  });
  expect(said).toContain('secret "forgotten" not found');
});
