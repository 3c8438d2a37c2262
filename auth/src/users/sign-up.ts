// Somebody joins.
import { isDuplicateKey } from '@ticketing/common/store';
import { Types } from 'mongoose';
import { hashPassword } from './password';
import { EmailInUse } from './refusals';
import type { User, Users } from './user';

export async function signUp(users: Users, email: string, password: string): Promise<User> {
  const user = { _id: new Types.ObjectId(), email, passwordHash: await hashPassword(password) };
  try {
    await users.create([user]);
  } catch (error) {
    if (isDuplicateKey(error)) throw new EmailInUse();
    throw error;
  }
  return user;
}
