// The doors to users: HTTP in, use case, view and cookie out.
import {
  causeOf,
  endSession,
  requireUser,
  startSession,
  userOf,
  validate,
  type SessionKey,
} from '@ticketing/common';
import { Router, type Request, type Response } from 'express';
import { body, matchedData } from 'express-validator';
import { changePassword, type ChangePassword } from './change-password';
import { maxEmailLength, maxPasswordLength, minPasswordLength } from './limits';
import { signIn } from './sign-in';
import { signOut } from './sign-out';
import { signUp } from './sign-up';
import type { User } from './user';
import type { UserLimits } from './user-limits';

interface Credentials {
  email: string;
  password: string;
}

/** In characters, as the API's document counts them: one beyond the first 65,536 is one, too. */
const hasLength = (value: unknown, min: number, max: number): boolean =>
  typeof value === 'string' && [...value].length >= min && [...value].length <= max;

const emailField = body('email', 'email must be a valid e-mail address.')
  .custom((email) => hasLength(email, 0, maxEmailLength))
  .bail()
  .trim()
  .isEmail();

const newPassword = (field: string) =>
  body(field)
    .custom((password) => hasLength(password, minPasswordLength, maxPasswordLength))
    .withMessage(`${field} must have ${minPasswordLength} to ${maxPasswordLength} characters.`);

const anyPassword = (field: string) =>
  body(field)
    .custom((password) => hasLength(password, 1, maxPasswordLength))
    .withMessage(`${field} must be given.`);

export interface UserDoors extends ChangePassword {
  key: SessionKey;
  limits: UserLimits;
}

export function userRoutes(deps: UserDoors): Router {
  const { users, ended, key, limits } = deps;
  const router = Router();

  const welcome = (
    request: Request,
    response: Response,
    status: number,
    { _id, email, epoch }: User,
  ): void => {
    const user = { id: String(_id), email };
    startSession(request, { ...user, ...(epoch !== undefined && { epoch }) }, key);
    response.status(status).json(user);
  };

  router.post(
    '/signup',
    validate(emailField, newPassword('password')),
    async (request: Request, response: Response) => {
      const { email, password } = matchedData<Credentials>(request);
      await limits.countSignUp(request, email);
      welcome(request, response, 201, await signUp(users, email, password));
    },
  );

  router.post(
    '/signin',
    validate(emailField, anyPassword('password')),
    async (request: Request, response: Response) => {
      const { email, password } = matchedData<Credentials>(request);
      await limits.countSignIn(request, email);
      const user = await signIn(users, email, password);
      await limits.forgetSignIns(request, email);
      welcome(request, response, 200, user);
    },
  );

  router.post('/signout', async (request: Request, response: Response) => {
    if (request.openSession) await signOut(request.openSession, ended, causeOf(request));
    endSession(request);
    response.json({});
  });

  router.post(
    '/password',
    requireUser,
    validate(anyPassword('currentPassword'), newPassword('newPassword')),
    async (request: Request, response: Response) => {
      const passwords = matchedData<{ currentPassword: string; newPassword: string }>(request);
      const { id } = userOf(request);
      await limits.countPasswordChange(id);
      welcome(request, response, 200, await changePassword(deps, id, passwords, causeOf(request)));
    },
  );

  router.get('/currentuser', (request: Request, response: Response) => {
    response.json({ currentUser: request.currentUser ?? null });
  });
  return router;
}
