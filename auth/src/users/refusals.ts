// Why auth refuses; the README lists the codes.
import { refusal } from '@ticketing/common';

export const EmailInUse = refusal(400, 'auth.email_in_use', 'This e-mail is already in use.', 'email');
export const WrongPassword = refusal(
  400,
  'auth.wrong_password',
  'This is not your current password.',
  'currentPassword',
);
export const BadCredentials = refusal(400, 'auth.bad_credentials', 'The e-mail or the password is wrong.');
