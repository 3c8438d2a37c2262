// Whatever is killed in the middle of things (kill -9), what was answered with 2xx is kept, and everybody hears of it.
import { sleep, tally } from './support/eventually';
import { whenAllHolds } from './support/invariants';
import { services } from './support/system';
import { Traffic } from './support/traffic';
import { useSystem } from './support/use-system';

const system = useSystem({ expirationSeconds: 600 });

test('each service and each server is killed amid writes, and nothing that was confirmed is lost', async () => {
  const traffic = await Traffic.begin(system(), {
    people: 4,
    ends: ['cancel', 'pay', 'pay', 'leave'],
    restMs: 15,
    newcomers: true,
  });
  const victims = [...services, 'mongo', 'nats', 'redis'];
  for (const victim of victims) {
    const before = traffic.answers.length;
    await sleep(300 + Math.random() * 300);
    await system().kill(victim);
    expect({ victim, answered: traffic.answers.length > before }).toEqual({ victim, answered: true });
  }
  await sleep(500);
  await traffic.end();

  const world = await whenAllHolds(system(), { withinMs: 30_000 });
  expect(await traffic.broken(world)).toEqual([]);
  const counts = tally(traffic.answers.map((words) => words.slice(0, 3)));
  // Otherwise nothing was killed in the middle of anything.
  expect(counts[201]).toBeGreaterThan(300);
  expect((counts[502] ?? 0) + (counts[503] ?? 0)).toBeGreaterThan(0);
  const restarts = Object.fromEntries((await system().parts()).map(({ name, restarts }) => [name, restarts]));
  expect(restarts).toMatchObject(Object.fromEntries(victims.map((victim) => [victim, 1])));
});
