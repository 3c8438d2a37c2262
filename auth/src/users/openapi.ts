// What auth's routes take and answer, for people and programs who call them.
import { TooManyRequests } from '@ticketing/common';
import { defineApi, id } from '@ticketing/common/openapi';
import { z } from 'zod';
import { maxEmailLength, maxPasswordLength, minPasswordLength } from './limits';
import { BadCredentials, EmailInUse, WrongPassword } from './refusals';

const email = z.email().max(maxEmailLength).describe('Kept as it is typed, compared whatever its case.');

const user = z.object({ id, email: z.string() }).meta({ id: 'User' });

const currentUser = z
  .object({ id, email: z.string(), iat: z.int().describe('When they signed in, in seconds since 1970.') })
  .meta({ id: 'CurrentUser' });

const signedIn = (description: string) => ({
  description,
  schema: user,
  headers: { 'Set-Cookie': 'The session.' },
});

export const usersApi = defineApi({
  path: '/api/users',
  title: 'Users',
  description: 'People: they join, sign in, sign out and change their password.',
  operations: {
    'POST /signup': {
      id: 'signUp',
      summary: 'Join, and be signed in',
      body: z
        .object({ email, password: z.string().min(minPasswordLength).max(maxPasswordLength) })
        .meta({ id: 'NewUser', examples: [{ email: 'anna@example.org', password: 'correct horse' }] }),
      answers: { 201: signedIn('Who joined.') },
      refuses: [EmailInUse, TooManyRequests],
    },
    'POST /signin': {
      id: 'signIn',
      summary: 'Sign in',
      description: 'An unknown e-mail and a wrong password are refused alike.',
      body: z
        .object({ email, password: z.string().min(1).max(maxPasswordLength) })
        .meta({ id: 'Credentials', examples: [{ email: 'anna@example.org', password: 'correct horse' }] }),
      answers: { 200: signedIn('Who signed in.') },
      refuses: [BadCredentials, TooManyRequests],
    },
    'POST /signout': {
      id: 'signOut',
      summary: 'Sign out, signed in or not',
      description: 'The session is over, wherever its cookie was copied to.',
      session: 'used',
      answers: {
        200: {
          description: 'Nobody is signed in any more.',
          schema: z.object({}),
          headers: { 'Set-Cookie': 'The session, cleared.' },
        },
      },
    },
    'POST /password': {
      id: 'changePassword',
      summary: 'Change one’s password',
      description:
        'Every session begun before is over, the one that asks included: the answer brings a new one.',
      session: 'needed',
      body: z
        .object({
          currentPassword: z.string().min(1).max(maxPasswordLength),
          newPassword: z.string().min(minPasswordLength).max(maxPasswordLength),
        })
        .meta({
          id: 'PasswordChange',
          examples: [{ currentPassword: 'correct horse', newPassword: 'a battery staple' }],
        }),
      answers: { 200: signedIn('Whose password it is.') },
      refuses: [WrongPassword, TooManyRequests],
    },
    'GET /currentuser': {
      id: 'currentUser',
      summary: 'Who is asking',
      session: 'used',
      answers: {
        200: {
          description: 'Who is signed in; null for nobody.',
          schema: z.object({ currentUser: currentUser.nullable() }),
        },
      },
    },
  },
});
