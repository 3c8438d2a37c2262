// Somebody changes their password: whoever else is signed in as them is so no longer.
import { createEvent, SessionEnded, sessionDays, type Cause } from '@ticketing/common';
import type { EndedSessions } from '@ticketing/common/sessions';
import { hashPassword, isPassword } from './password';
import { WrongPassword } from './refusals';
import type { User, Users } from './user';

export interface ChangePassword {
  users: Users;
  ended: EndedSessions;
}

interface Passwords {
  currentPassword: string;
  newPassword: string;
}

const dayMs = 24 * 60 * 60 * 1000;

/** The new password and the end of the sessions are one transaction: never one without the other. @returns the user as they are now */
export async function changePassword(
  { users, ended }: ChangePassword,
  userId: string,
  { currentPassword, newPassword }: Passwords,
  cause: Cause,
): Promise<User> {
  const user = await users.findById(userId).lean<User>().exec();
  if (!(await isPassword(currentPassword, user?.passwordHash)) || !user) throw new WrongPassword();
  const epoch = (user.epoch ?? 0) + 1;
  const passwordHash = await hashPassword(newPassword);
  const data = {
    ...{ id: userId, version: epoch, userId, sessionId: null, epoch },
    until: new Date(Date.now() + sessionDays * dayMs).toISOString(),
  };
  const event = createEvent(SessionEnded, data, { source: 'auth', subject: userId, version: epoch, cause });
  await users.db.transaction(async (transaction) => {
    const { matchedCount } = await users.collection.updateOne(
      { _id: user._id, passwordHash: user.passwordHash },
      { $set: { passwordHash, epoch } },
      { session: transaction },
    );
    // Another change was faster, and the password that was given is no longer the current one.
    if (matchedCount === 0) throw new WrongPassword();
    await ended.end(data, { event, transaction });
  });
  ended.remember(data);
  return { ...user, passwordHash, epoch };
}
