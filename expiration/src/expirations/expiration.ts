/** What is kept of an order until its time is up. */
export interface Expiration {
  orderId: string;
  /** RFC 3339, UTC. */
  expiresAt: string;
  traceparent: string;
}
