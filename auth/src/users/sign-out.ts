// Somebody leaves: their session ends, wherever its cookie has been copied to.
import { createEvent, SessionEnded, type Cause, type OpenSession } from '@ticketing/common';
import type { EndedSessions } from '@ticketing/common/sessions';

export async function signOut(session: OpenSession, ended: EndedSessions, cause: Cause): Promise<void> {
  const { id, userId, epoch, exp } = session;
  const until = new Date(exp * 1000).toISOString();
  const data = { id, version: 0, userId, sessionId: id, epoch, until };
  const event = createEvent(SessionEnded, data, { source: 'auth', subject: id, version: 0, cause });
  await ended.end(data, { event });
}
