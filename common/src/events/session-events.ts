// What auth announces: that sessions are over before their time.
import { z } from 'zod';
import { defineEvent } from './contract';
import { instant, objectId, version } from './schemas';

const sessionEndedData = z.object({
  /** What ended: a session's id, or that of a person whose sessions all did. */
  id: z.string().min(1).max(100),
  version,
  userId: objectId,
  /** The one session that ended; null for all of the person's whose epoch is lower than `epoch`. */
  sessionId: z.string().min(1).max(100).nullable(),
  epoch: z.int().nonnegative(),
  /** From then on the sessions are over by themselves, and nobody needs to remember this. */
  until: instant,
});
export type SessionEndedData = z.infer<typeof sessionEndedData>;

/** Fires when a person signs out or changes their password. Listens: tickets, orders, payments (believe the JWT no longer). */
export const SessionEnded = defineEvent('session:ended', sessionEndedData);
