// What comes while a batch is worked on is the next batch.
import { inBatches } from './in-batches';

/** A worker that ends each batch when told to. */
function slowWork() {
  const batches: number[][] = [];
  const endings: ((error?: Error) => void)[] = [];
  const add = inBatches((items: number[]) => {
    batches.push(items);
    return new Promise<undefined[]>((resolve, reject) => {
      endings.push((error) => {
        if (error) reject(error);
        else resolve([]);
      });
    });
  });
  return { batches, endings, add };
}

const soon = () => new Promise((resolve) => setImmediate(resolve));

test('one item is handed on at once, and what comes meanwhile is handed on together', async () => {
  const { batches, endings, add } = slowWork();
  const first = add(1);
  await soon();
  const others = [add(2), add(3), add(4)];
  await soon();
  expect(batches).toEqual([[1]]);
  endings[0]?.();
  await first;
  await soon();
  expect(batches).toEqual([[1], [2, 3, 4]]);
  endings[1]?.();
  await Promise.all(others);
});

test('a batch that fails is told to those in it, and to nobody else', async () => {
  const { batches, endings, add } = slowWork();
  const failing = [add(1), add(2)];
  const outcomes = Promise.allSettled(failing);
  await soon();
  const next = add(3);
  endings[0]?.(new Error('no'));
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await soon();
  expect(batches).toEqual([[1, 2], [3]]);
  endings[1]?.();
  await expect(next).resolves.toBeUndefined();
});

test('each is told its own outcome, and one that fails by itself spoils no other', async () => {
  const halve = inBatches<number, number>((items) =>
    Promise.resolve(items.map((item) => (item % 2 === 0 ? item / 2 : new Error(`${item} is odd`)))),
  );
  const outcomes = await Promise.allSettled([halve(8), halve(3), halve(6)]);
  expect(outcomes).toEqual([
    { status: 'fulfilled', value: 4 },
    { status: 'rejected', reason: new Error('3 is odd') },
    { status: 'fulfilled', value: 3 },
  ]);
});

test('a crowd is worked on a hundred at a time', async () => {
  const sizes: number[] = [];
  const add = inBatches<number>((items) => {
    sizes.push(items.length);
    return Promise.resolve([]);
  });
  await Promise.all(Array.from({ length: 250 }, (_, item) => add(item)));
  expect(sizes).toEqual([100, 100, 50]);
});
