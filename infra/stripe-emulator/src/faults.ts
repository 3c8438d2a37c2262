// Faults to rehearse: slow, failing and lost answers of the API. Nothing of Stripe's.
export interface Faults {
  /** Every request to /v1 takes this much longer, a POST while it holds its key and its object. */
  latencyMs: number;
  /** So many POSTs are answered 500 before anything is done. */
  failNext: number;
  /** So many POSTs are carried out, and the connection is cut instead of answering. */
  dropNext: number;
}

const largest = 1_000_000;

export class FaultPlan {
  private faults: Faults = { latencyMs: 0, failNext: 0, dropNext: 0 };

  /** Changes what is named and leaves the rest. @throws Error naming what is no fault. */
  set(faults: Partial<Record<keyof Faults, unknown>>): void {
    const next = { ...this.faults };
    for (const [name, value] of Object.entries(faults)) {
      if (!isFault(name, next)) throw new Error(`There is no fault called ${name}.`);
      if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > largest) {
        throw new Error(`${name} must be a whole number from 0 to ${largest}.`);
      }
      next[name] = value;
    }
    this.faults = next;
  }

  get current(): Faults {
    return { ...this.faults };
  }

  take(kind: 'failNext' | 'dropNext'): boolean {
    if (this.faults[kind] === 0) return false;
    this.faults[kind] -= 1;
    return true;
  }
}

const isFault = (name: string, faults: Faults): name is keyof Faults => Object.hasOwn(faults, name);
