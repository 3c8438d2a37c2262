import { eventually } from '../testing/eventually';
import { Metrics } from './metrics';

const valueIn = async (metrics: Metrics): Promise<string | undefined> =>
  (await metrics.registry.metrics()).split('\n').find((line) => line.startsWith('things'));
const shown = (value: number): string => `things{service="test"} ${value}`;

test('a gauge that is asked shows what it is told, and the last of it while nobody can tell', async () => {
  const metrics = new Metrics('test');
  const failures: unknown[] = [];
  let answer: () => Promise<number> = () => Promise.resolve(3);
  metrics.asked(
    'things',
    'Things',
    () => answer(),
    (error) => failures.push(error),
  );
  expect(await valueIn(metrics)).toBe(shown(3));
  const away = new Error('away');
  answer = () => Promise.reject(away);
  expect(await valueIn(metrics)).toBe(shown(3));
  expect(failures).toEqual([away]);
  answer = () => Promise.resolve(4);
  expect(await valueIn(metrics)).toBe(shown(4));
});

test('a scrape does not wait for who is slow, who is asked once at a time and heard later', async () => {
  const metrics = new Metrics('test');
  let asked = 0;
  let tell: (value: number) => void = () => undefined;
  const ask = () => {
    asked++;
    return new Promise<number>((resolve) => (tell = resolve));
  };
  metrics.asked('things', 'Things', ask, () => undefined);
  const began = Date.now();
  expect(await valueIn(metrics)).toBe(shown(0));
  expect(await valueIn(metrics)).toBe(shown(0));
  expect(Date.now() - began).toBeLessThan(2000);
  expect(asked).toBe(1);
  tell(7);
  await eventually(async () => {
    expect(await valueIn(metrics)).toBe(shown(7));
  });
});
