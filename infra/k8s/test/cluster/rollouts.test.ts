// New versions come and go, and replicas with them, while people trade: nobody notices.
import { forEach, range, sleep, tally } from '../../../e2e/support/eventually';
import { expectStatus, inWords, Person } from '../../../e2e/support/person';
import { cluster, services, whenAllHoldsInside } from './support/cluster';
import { tell } from './support/figures';
import { getJson, kubectl, podsOf, whenReady } from './support/kubectl';
import { isFailure, knownTickets, underLoad } from './support/load';

const replicasBefore = new Map<string, number>();
beforeAll(async () => {
  for (const name of services) replicasBefore.set(name, (await podsOf(name)).length);
});

test('every service is restarted under load: no request fails', async () => {
  const seconds: Record<string, number> = {};
  const { requests, failed, traffic } = await underLoad(async () => {
    for (const name of services) {
      const startedAt = Date.now();
      await kubectl('rollout', 'restart', `deployment/${name}`);
      await kubectl('rollout', 'status', `deployment/${name}`, '--timeout=180s');
      seconds[name] = Math.round((Date.now() - startedAt) / 100) / 10;
      // The old pods are still leaving when the new ones are all there.
      await sleep(8000);
    }
  });
  tell('rollout restart under load', { requests, failed, 'seconds each': seconds });
  expect(failed).toEqual({});
  expect(requests).toBeGreaterThan(500);
  expect(await traffic.broken(await whenAllHoldsInside())).toEqual([]);
});

test('with three replicas of each, racing buyers get a ticket once and are charged once', async () => {
  await forEach(services, 2, (name) => scale(name, 3));
  for (const name of services) await whenReady(name, 3);
  const buyers = await forEach(range(30), 6, () => Person.signedUp(cluster));
  const answers = await forEach(await knownTickets(6), 3, async (ticket) => {
    const placed = await Promise.all(buyers.map((buyer) => buyer.order(ticket)));
    expect(tally(placed.map(inWords))).toEqual({ 201: 1, '400 orders.ticket_already_reserved': 29 });
    const winner = placed.findIndex(({ status }) => status === 201);
    const [buyer, order] = [buyers[winner], placed[winner]];
    if (!buyer || !order) throw new Error('nobody won');
    const { id } = order.body;
    expectStatus(400, await buyer.paySoon(id, 'tok_chargeDeclined'));
    const paid = (await Promise.all(range(10).map(() => buyer.pay(id)))).map(inWords);
    expect(tally(paid)).toMatchObject({ 201: 1 });
    return [...placed.map(inWords), ...paid];
  });
  expect(answers.flat().filter(isFailure)).toEqual([]);
  await whenAllHoldsInside();
  tell('three replicas of each', { answers: tally(answers.flat()) });
});

test('replicas are taken away under load: no request fails', async () => {
  const { requests, failed, traffic } = await underLoad(async () => {
    for (const name of services) await scale(name, replicasBefore.get(name) ?? 2);
    for (const name of services) await whenReady(name, replicasBefore.get(name) ?? 2);
  });
  tell('from three replicas to as many as before, under load', { requests, failed });
  expect(failed).toEqual({});
  expect(await traffic.broken(await whenAllHoldsInside())).toEqual([]);
});

/** Where an autoscaler has the say, it is told the least it may choose. */
async function scale(name: string, replicas: number): Promise<void> {
  const { items } = await getJson<{ items: { metadata: { name: string } }[] }>('hpa');
  if (items.some(({ metadata }) => metadata.name === name)) {
    await kubectl('patch', 'hpa', name, '-p', JSON.stringify({ spec: { minReplicas: replicas } }));
  }
  await kubectl('scale', `deployment/${name}`, `--replicas=${replicas}`);
}
