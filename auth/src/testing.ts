// What auth's tests share: the service with its database, and people who join it.
import { newId, slice } from '@ticketing/common/testing';
import request from 'supertest';
import { configFrom } from './config';
import { createService } from './service';
import { userModel } from './users/user';

export const goodPassword = 'correct horse';
export const newEmail = (): string => `${newId()}@people.test`;

export interface UserAnswer {
  id: string;
  email: string;
}

export function authSlice(given: NodeJS.ProcessEnv = {}) {
  const { server, connection, env } = slice('auth', (env) => createService(configFrom(env)), given);
  const users = userModel(connection);
  const post = (path: string, body: object) => request(server).post(`/api/users/${path}`).send(body);

  return {
    server,
    connection,
    env,
    users,
    signUp: (given: object = {}) => post('signup', { email: newEmail(), password: goodPassword, ...given }),
    signIn: (given: object) => post('signin', { password: goodPassword, ...given }),
    currentUser: async (cookie: string): Promise<unknown> => {
      const answer = await request(server).get('/api/users/currentuser').set('Cookie', cookie);
      return (answer.body as { currentUser: unknown }).currentUser;
    },
  };
}

/** The cookies of an answer as the browser would send them back, attributes left out. */
export const cookiesOf = (answer: { headers: Record<string, unknown> }): string =>
  setCookies(answer)
    .map((cookie) => cookie.split(';')[0])
    .join('; ');

export const setCookies = ({ headers }: { headers: Record<string, unknown> }): string[] =>
  (headers['set-cookie'] ?? []) as string[];
