// Traffic on every service at once, pages too, and what of it failed.
import { forEach, range, sleep, tally } from '../../../../e2e/support/eventually';
import { Person } from '../../../../e2e/support/person';
import { Traffic } from '../../../../e2e/support/traffic';
import { cluster } from './cluster';

/** No answer, or one that is the system's fault. */
export const isFailure = (words: string): boolean => /^(0|5\d\d)/.test(words);

export interface Outcome {
  requests: number;
  failed: Record<string, number>;
  traffic: Traffic;
}

/**
 * People trade and read pages while `work` goes on.
 *
 * @param after how long they go on when it is done, in ms
 */
export async function underLoad(
  work: () => Promise<unknown>,
  { people = 4, after = 3000 } = {},
): Promise<Outcome> {
  const traffic = await Traffic.begin(cluster, {
    ...{ people, ends: ['pay', 'cancel', 'leave'], restMs: 60, newcomers: true },
  });
  let isOver = false;
  const pages: string[] = [];
  const readers = forEach(range(2), 2, async () => {
    while (!isOver) {
      pages.push(await readPage('/'));
      await sleep(60);
    }
  });
  try {
    await sleep(1000);
    await work();
    await sleep(after);
  } finally {
    isOver = true;
    await Promise.all([traffic.end(), readers]);
  }
  const answers = [...traffic.answers, ...pages];
  return { requests: answers.length, failed: tally(answers.filter(isFailure)), traffic };
}

/** A page, as words: `200`, or `0` for none. */
async function readPage(path: string): Promise<string> {
  try {
    const response = await fetch(`${cluster.url}${path}`, { signal: AbortSignal.timeout(30_000) });
    await response.text();
    return `${response.status} page`;
  } catch (error) {
    return `0 page ${String((error as Error).cause ?? error)}`;
  }
}

/** Tickets that somebody has ordered once, so that orders has heard of them. */
export async function knownTickets(count: number): Promise<string[]> {
  const [seller, buyer] = [await Person.signedUp(cluster), await Person.signedUp(cluster)];
  return forEach(range(count), 4, async (n) => {
    const { id } = (await seller.list(`Known ${n}`, 12.5)).body;
    await buyer.cancel((await buyer.orderSoon(id)).id);
    return id;
  });
}
