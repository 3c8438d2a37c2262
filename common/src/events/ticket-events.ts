// What tickets announces. Each event carries the ticket's whole state, so a listener that missed all
// before it needs no other.
import { z } from 'zod';
import { defineEvent } from './contract';
import { instant, minorUnits, objectId, version } from './schemas';

const ticketData = z.object({
  id: objectId,
  version,
  title: z.string(),
  priceInCents: minorUnits,
  /** The seller. */
  userId: objectId,
  /** The live order that has the ticket, if any. */
  orderId: objectId.nullable(),
  /** Once it is sold; earlier releases did not say. */
  soldAt: instant.optional(),
});
export type TicketData = z.infer<typeof ticketData>;

/** Fires when a ticket is listed. Listens: orders, which can be placed for it from then on. */
export const TicketCreated = defineEvent('ticket:created', ticketData);

/** Fires when a ticket is edited, held, sold or freed. Listens: orders, which keeps a replica. */
export const TicketUpdated = defineEvent('ticket:updated', ticketData);
