// What becomes of tickets, as it happens, for whoever looks at them; who has one is nobody's business.
import { fromMinorUnits, LiveStream, show, TicketCreated, TicketUpdated } from '@ticketing/common';
import type { LiveStreamOptions, TicketData } from '@ticketing/common';

/** Many people may share an address. */
const maxOfOneAddress = 100;

export const liveTickets = (options: Omit<LiveStreamOptions, 'sources'>): LiveStream =>
  new LiveStream({
    maxOfOnePerson: maxOfOneAddress,
    ...options,
    sources: [TicketCreated, TicketUpdated].map((contract) =>
      show(contract, ({ data }) => ({ event: 'ticket', data: viewLive(data) })),
    ),
  });

const viewLive = ({ id, version, title, priceInCents, orderId, soldAt }: TicketData) => ({
  id,
  version,
  title,
  price: fromMinorUnits(priceInCents),
  status: orderId === null ? 'available' : soldAt === undefined ? 'held' : 'sold',
});
