// The door: starts a Stripe emulator in this process, for tests and for main.ts.
import type { AddressInfo } from 'node:net';
import { Api } from './api';
import { Controls } from './controls';
import { FaultPlan, type Faults } from './faults';
import { newServer } from './server';
import { Store } from './store';
import { summarize, type ChargeSummary } from './summary';
import { Webhooks, type WebhookOptions } from './webhooks';

export type { ChargeSummary, Faults, WebhookOptions };

export interface StripeEmulatorOptions {
  /** 0 (a free one) unless given. */
  port?: number | undefined;
  /** 127.0.0.1 unless given. */
  host?: string | undefined;
  /** Where state survives restarts; memory only without it. */
  dataFile?: string | undefined;
  webhook?: WebhookOptions | undefined;
  /** How long a request waits for an object that another one is changing (3 s). */
  lockTimeoutMs?: number | undefined;
  /** The clock, in milliseconds. */
  now?: (() => number) | undefined;
  log?: ((line: string) => void) | undefined;
}

export interface StripeEmulator {
  url: string;
  host: string;
  port: number;
  /** Lets requests in progress finish, for two seconds at most. */
  close(): Promise<void>;
  /** One row for each PaymentIntent, oldest first. */
  charges(): ChargeSummary[];
  setFaults(faults: Partial<Faults>): void;
}

const drainMs = 2_000;

/**
 * A stateful stand-in for Stripe that the real SDK talks to:
 * `new Stripe('sk_test_local', { host: emulator.host, port: emulator.port, protocol: 'http' })`.
 * @throws Error in a plain sentence when the port is taken or the data file is not readable.
 */
export async function startStripeEmulator(options: StripeEmulatorOptions = {}): Promise<StripeEmulator> {
  const { host = '127.0.0.1', lockTimeoutMs = 3_000, now = Date.now, log = () => undefined } = options;
  const store = new Store(options.dataFile);
  const faults = new FaultPlan();
  const webhooks = options.webhook === undefined ? undefined : new Webhooks(store, options.webhook, log);
  const api = new Api(store, faults, webhooks, now, lockTimeoutMs);
  const server = newServer({ api, controls: new Controls(store, faults, api), faults });

  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, () => {
      resolve((server.address() as AddressInfo).port);
    });
  }).catch((error: unknown) => {
    store.close();
    throw error;
  });
  webhooks?.resume();

  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    host,
    port,
    charges: () => summarize(store),
    setFaults: (wanted) => {
      faults.set(wanted);
    },
    close: () =>
      new Promise((resolve) => {
        const deadline = setTimeout(() => {
          server.closeAllConnections();
        }, drainMs);
        server.close(() => {
          clearTimeout(deadline);
          webhooks?.stop();
          store.close();
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
