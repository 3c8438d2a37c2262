// What the helpers here ask of a system: one that was started on this machine is that, and a cluster is.

export interface Marketplace {
  /** The front door's. */
  readonly url: string;
  /** Where a part is, by itself. */
  address(part: 'nats' | 'stripe'): string;
  /** A service's own database, as a URL with its name in it. */
  database(service: 'tickets' | 'orders' | 'payments'): string;
}
