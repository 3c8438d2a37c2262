// One change at a time for each object: who comes second waits, and gives up with Stripe's lock_timeout.
import { lockTimeout } from './errors';

export class Locks {
  private readonly waiting = new Map<string, (() => void)[]>();

  constructor(private readonly timeoutMs: number) {}

  async hold<T>(id: string | undefined, work: () => Promise<T>): Promise<T> {
    if (id === undefined) return work();
    await this.acquire(id);
    try {
      return await work();
    } finally {
      this.release(id);
    }
  }

  private acquire(id: string): Promise<void> {
    const queue = this.waiting.get(id);
    if (queue === undefined) {
      this.waiting.set(id, []);
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        queue.splice(queue.indexOf(enter), 1);
        reject(lockTimeout());
      }, this.timeoutMs);
      queue.push(enter);
    });
  }

  private release(id: string): void {
    const next = this.waiting.get(id)?.shift();
    if (next === undefined) this.waiting.delete(id);
    else next();
  }
}
