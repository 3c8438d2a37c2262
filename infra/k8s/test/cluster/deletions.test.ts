// Every database, the broker and Redis lose their pod in turn, while people trade: nothing that was promised is lost.
import { eventually } from '../../../e2e/support/eventually';
import { expectStatus, Person } from '../../../e2e/support/person';
import { cluster, servers, whenAllHoldsInside } from './support/cluster';
import { tell } from './support/figures';
import { getJson, isReady, kubectl, type Pod } from './support/kubectl';
import { underLoad } from './support/load';

/** Deletes a StatefulSet's pod. @returns ms until another one with its name is ready */
async function replacePod(name: string): Promise<number> {
  const { uid } = (await getJson<Pod>('pod', name)).metadata;
  const startedAt = Date.now();
  await kubectl('delete', 'pod', name, '--wait=false');
  await eventually(
    async () => {
      const pod = await getJson<Pod>('pod', name);
      if (pod.metadata.uid === uid || !isReady(pod)) throw new Error(`${name} has not come back`);
    },
    { withinMs: 180_000, everyMs: 250 },
  );
  return Date.now() - startedAt;
}

test.each(servers)('the pod of %s is deleted: nothing is lost', async (server) => {
  let backMs = 0;
  const { requests, failed, traffic } = await underLoad(
    async () => {
      backMs = await replacePod(`${server}-0`);
    },
    { people: 3, after: 5000 },
  );
  // And people go on: whatever was away, everything works again.
  const workingMs = await untilWorking();
  const world = await whenAllHoldsInside();
  expect(await traffic.broken(world)).toEqual([]);
  // With the broker or Redis away nobody is refused.
  if (server === 'nats' || server === 'redis') expect(failed).toEqual({});
  tell(`deleted ${server}-0`, {
    ...{ 'pod back after ms': backMs, 'a purchase works after ms': workingMs, requests, failed },
    'titles and orders promised': traffic.titles.size + traffic.orders.size,
  });
});

/** @returns ms until somebody new signed up, listed, ordered and paid */
async function untilWorking(): Promise<number> {
  const startedAt = Date.now();
  await eventually(
    async () => {
      const [seller, buyer] = [await Person.signedUp(cluster), await Person.signedUp(cluster)];
      const { id } = expectStatus(201, await seller.list('Afterwards', 9));
      expectStatus(201, await buyer.paySoon((await buyer.orderSoon(id)).id));
    },
    { withinMs: 60_000, everyMs: 250 },
  );
  return Date.now() - startedAt;
}
