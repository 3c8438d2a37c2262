// What becomes of a person's own orders, as it happens: paid, cancelled, expired, in whichever tab or replica.
import { LiveStream, OrderCancelled, OrderCompleted, OrderCreated, show } from '@ticketing/common';
import type { LiveStreamOptions } from '@ticketing/common';
import { viewOrderData } from './order';

export const liveOrders = (options: Omit<LiveStreamOptions, 'sources'>): LiveStream =>
  new LiveStream({
    ...options,
    sources: [OrderCreated, OrderCompleted, OrderCancelled].map((contract) =>
      show(contract, ({ data }) => ({
        event: 'order',
        person: data.userId,
        data: { ...viewOrderData(data), ...(data.cancelledAt && { cancelledAt: data.cancelledAt }) },
      })),
    ),
  });
