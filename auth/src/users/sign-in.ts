// Somebody comes back. Nothing in the answer, nor its time, tells whether the e-mail is known.
import { isPassword } from './password';
import { BadCredentials } from './refusals';
import { anyCase, type User, type Users } from './user';

export async function signIn(users: Users, email: string, password: string): Promise<User> {
  const user = await users.findOne({ email }).collation(anyCase).lean<User>().exec();
  if (!(await isPassword(password, user?.passwordHash)) || !user) throw new BadCredentials();
  return user;
}
