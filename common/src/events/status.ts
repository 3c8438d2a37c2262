// The words for an order's state, as they stand in answers, events and databases.

export const orderStatuses = ['created', 'awaiting:payment', 'complete', 'cancelled'] as const;
export type OrderStatus = (typeof orderStatuses)[number];

/** Why an order was cancelled: its time was up, or its buyer wanted it. */
export const cancelReasons = ['expired', 'cancelled'] as const;
export type CancelReason = (typeof cancelReasons)[number];

/** The order still waits to be paid; its hold ends at `expiresAt`. */
export const openStatuses = ['created', 'awaiting:payment'] as const satisfies OrderStatus[];

/** The order has its ticket: nobody else can have it. */
export const liveStatuses = [...openStatuses, 'complete'] as const satisfies OrderStatus[];

export const isOpen = (status: OrderStatus): boolean =>
  (openStatuses as readonly OrderStatus[]).includes(status);
export const isLive = (status: OrderStatus): boolean => status !== 'cancelled';
