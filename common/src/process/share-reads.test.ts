// Identical reads that wait together are one, and never an old one.
import { sharesReads } from './share-reads';

/** Reads that end when told to. */
function slowReads() {
  const share = sharesReads<number>();
  const reads: { answer(value: number): void; fail(error: Error): void }[] = [];
  const read = (key: string) =>
    share(
      key,
      () =>
        new Promise((resolve, reject) => {
          reads.push({ answer: resolve, fail: reject });
        }),
    );
  return { reads, read };
}

const soon = () => new Promise((resolve) => setImmediate(resolve));

test('who asks while a read is under way waits for the next one, together with all who do', async () => {
  const { reads, read } = slowReads();
  const first = read('a');
  const later = [read('a'), read('a'), read('a')];
  expect(reads).toHaveLength(1);
  reads[0]?.answer(1);
  expect(await first).toBe(1);
  await soon();
  expect(reads).toHaveLength(2);
  const latest = read('a');
  reads[1]?.answer(2);
  expect(await Promise.all(later)).toEqual([2, 2, 2]);
  await soon();
  reads[2]?.answer(3);
  expect(await latest).toBe(3);
});

test('nothing is kept: who asks after the answer is read for anew', async () => {
  const { reads, read } = slowReads();
  for (const value of [1, 2]) {
    const asked = read('a');
    expect(reads).toHaveLength(value);
    reads[value - 1]?.answer(value);
    expect(await asked).toBe(value);
    await soon();
  }
});

test('a slow read holds up no other', async () => {
  const { reads, read } = slowReads();
  void read('slow');
  const quick = read('quick');
  reads[1]?.answer(7);
  expect(await quick).toBe(7);
});

test('a failure is told to those whose read it was; the next read goes ahead', async () => {
  const { reads, read } = slowReads();
  const failing = read('a');
  const next = read('a');
  reads[0]?.fail(new Error('away'));
  await expect(failing).rejects.toThrow('away');
  await soon();
  reads[1]?.answer(5);
  expect(await next).toBe(5);
});
