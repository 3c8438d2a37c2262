// A cluster as the helpers of infra/e2e see a system: its front door by name, its servers through kubectl.
import { whenAllHolds } from '../../../../e2e/support/invariants';
import type { Marketplace } from '../../../../e2e/support/marketplace';
import type { World } from '../../../../e2e/support/world';
import { Forward } from './kubectl';

export const services = ['auth', 'tickets', 'orders', 'payments', 'expiration', 'client'] as const;
export const servers = [
  'auth-mongo',
  'tickets-mongo',
  'orders-mongo',
  'payments-mongo',
  'nats',
  'redis',
] as const;
const url = process.env['TICKETING_URL'] ?? 'https://ticketing.dev';

const doors = { nats: 4222, stripe: 12111, tickets: 27017, orders: 27017, payments: 27017 } as const;
type Door = keyof typeof doors;
const pods: Record<Door, string> = {
  nats: 'nats-0',
  stripe: 'stripe-emulator-0',
  tickets: 'tickets-mongo-0',
  orders: 'orders-mongo-0',
  payments: 'payments-mongo-0',
};

const noWay = (): never => {
  throw new Error('Its servers are reached inside `look` only.');
};

/** What people reach. */
export const cluster: Marketplace = { url, address: noWay, database: noWay };

/** Opens ways to its servers, for as long as `work` takes. */
export async function look<T>(work: (inside: Marketplace) => Promise<T>): Promise<T> {
  const forwards = new Map<Door, Forward>();
  try {
    for (const door of Object.keys(doors) as Door[])
      forwards.set(door, await Forward.to(pods[door], doors[door]));
    const port = (door: Door): number => forwards.get(door)?.port ?? 0;
    return await work({
      url,
      address: (part) => `${part === 'nats' ? 'nats' : 'http'}://127.0.0.1:${port(part)}`,
      database: (service) => `mongodb://127.0.0.1:${port(service)}/${service}?directConnection=true`,
    });
  } finally {
    for (const forward of forwards.values()) forward.close();
  }
}

/** Throws unless everything holds that always should, soon after traffic has stopped. */
export const whenAllHoldsInside = (withinMs = 60_000): Promise<World> =>
  look((inside) => whenAllHolds(inside, { withinMs }));
