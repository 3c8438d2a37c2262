// The doors to users: HTTP in, use case, view and cookie out.
import type { KeyObject } from 'node:crypto';
import { endSession, startSession, validate } from '@ticketing/common';
import { Router, type Request, type Response } from 'express';
import { body, matchedData } from 'express-validator';
import { maxEmailLength, maxPasswordLength, minPasswordLength } from './limits';
import { signIn } from './sign-in';
import { signUp } from './sign-up';
import type { User, Users } from './user';
import type { UserLimits } from './user-limits';

interface Credentials {
  email: string;
  password: string;
}

const isText = (value: unknown, max: number): boolean => typeof value === 'string' && value.length <= max;

const emailField = body('email', 'email must be a valid e-mail address.')
  .custom((email) => isText(email, maxEmailLength))
  .bail()
  .trim()
  .isEmail();

const newPassword = body('password')
  .custom(
    (password) => isText(password, maxPasswordLength) && (password as string).length >= minPasswordLength,
  )
  .withMessage(`password must have ${minPasswordLength} to ${maxPasswordLength} characters.`);

const anyPassword = body('password')
  .custom((password) => isText(password, maxPasswordLength) && password !== '')
  .withMessage('password must be given.');

export interface UserDoors {
  users: Users;
  key: KeyObject;
  limits: UserLimits;
}

export function userRoutes({ users, key, limits }: UserDoors): Router {
  const router = Router();

  const welcome = (request: Request, response: Response, status: number, { _id, email }: User): void => {
    const user = { id: String(_id), email };
    startSession(request, user, key);
    response.status(status).json(user);
  };

  router.post('/signup', validate(emailField, newPassword), async (request: Request, response: Response) => {
    const { email, password } = matchedData<Credentials>(request);
    await limits.countSignUp(request, email);
    welcome(request, response, 201, await signUp(users, email, password));
  });

  router.post('/signin', validate(emailField, anyPassword), async (request: Request, response: Response) => {
    const { email, password } = matchedData<Credentials>(request);
    await limits.countSignIn(request, email);
    const user = await signIn(users, email, password);
    await limits.forgetSignIns(request, email);
    welcome(request, response, 200, user);
  });

  router.post('/signout', (request: Request, response: Response) => {
    endSession(request);
    response.json({});
  });

  router.get('/currentuser', (request: Request, response: Response) => {
    response.json({ currentUser: request.currentUser ?? null });
  });
  return router;
}
