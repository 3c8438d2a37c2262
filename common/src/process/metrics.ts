// Prometheus metrics of one service; parts add their own to its registry.
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { pause } from './pause';

/** How long a scrape waits for what has to be asked of a server. */
const answerWithinMs = 300;

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export class Metrics {
  readonly registry = new Registry();

  constructor(service: string) {
    this.registry.setDefaultLabels({ service });
    collectDefaultMetrics({ register: this.registry });
  }

  counter<L extends string>(name: string, help: string, labelNames: L[] = []): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  /** @param collect asked for the value at each scrape, instead of being told */
  gauge<L extends string>(
    name: string,
    help: string,
    labelNames: L[] = [],
    collect?: (gauge: Gauge<L>) => void | Promise<void>,
  ): Gauge<L> {
    return new Gauge<L>({
      name,
      help,
      labelNames,
      registers: [this.registry],
      ...(collect && {
        collect() {
          return collect(this);
        },
      }),
    });
  }

  /**
   * A gauge whose value is asked for at each scrape. A scrape must answer while a server is away, so it waits for the
   * value a moment only, and shows the last one until then; nothing is asked twice at once.
   */
  asked(name: string, help: string, ask: () => Promise<number>, onFailure: (error: unknown) => void): void {
    let asking: Promise<void> | undefined;
    this.gauge(name, help, [], async (gauge) => {
      asking ??= ask()
        .then((value) => {
          gauge.set(value);
        }, onFailure)
        .finally(() => (asking = undefined));
      const waiting = new AbortController();
      await Promise.race([asking, pause(answerWithinMs, waiting.signal)]);
      waiting.abort();
    });
  }

  /** A histogram in seconds, from a millisecond to ten seconds. */
  timings<L extends string>(name: string, help: string, labelNames: L[] = []): Histogram<L> {
    return new Histogram({ name, help, labelNames, buckets: seconds, registers: [this.registry] });
  }
}
