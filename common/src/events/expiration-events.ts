import { z } from 'zod';
import { defineEvent } from './contract';
import { objectId } from './schemas';

/** Fires when an order's time is up, paid or not. Listens: orders, which cancels it if it is still open. */
export const ExpirationComplete = defineEvent('expiration:complete', z.object({ orderId: objectId }));
