// Signing up and in: what is checked before the API is asked, and where one goes then.
import type { Api, User } from '../api/api';
import { refusedFields, type Problems, type Submitted, type Values } from '../ui/form';
import { safeNextPath } from './next-path';

const fields = ['email', 'password'];

export const signIn = (api: Api, values: Values): Promise<Submitted> =>
  enter(api, '/api/users/signin', values, checkCredentials(values));

export const signUp = (api: Api, values: Values): Promise<Submitted> =>
  enter(api, '/api/users/signup', values, { ...checkCredentials(values), ...checkNewPassword(values) });

async function enter(api: Api, path: string, values: Values, problems: Problems): Promise<Submitted> {
  if (Object.keys(problems).length > 0) return { problems };
  const { email = '', password = '', next } = values;
  const answer = await api<User>('POST', path, { email: email.trim(), password });
  return answer.ok ? { goTo: safeNextPath(next) } : refusedFields(answer, fields);
}

export function checkCredentials({ email = '', password = '' }: Values): Problems {
  return {
    ...(!/^\S+@\S+$/.test(email.trim()) && { email: 'Enter your e-mail address, like you@example.com.' }),
    ...(password === '' && { password: 'Enter your password.' }),
  };
}

export function checkNewPassword({ password = '' }: Values): Problems {
  return password.length < 8 || password.length > 128
    ? { password: 'Choose a password of 8 to 128 characters.' }
    : {};
}
