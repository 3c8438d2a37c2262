// How often one may try to sign up or in: by address and by account, so that passwords cannot be guessed at leisure.
import { addressOf, type Limits } from '@ticketing/common/limits';
import type { Request } from 'express';

const quarterHour = 15 * 60;

/** What is typed differently and means the same account counts as one. */
const accountOf = (email: string): string =>
  email
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .toLowerCase();

export type UserLimits = ReturnType<typeof userLimits>;

export function userLimits(limits: Limits) {
  // Many people may share an address: an office, a school, a phone network.
  const signUpsFrom = limits.of('sign-up-address', { times: 100, seconds: quarterHour });
  const signUpsAs = limits.of('sign-up-account', { times: 10, seconds: quarterHour });
  const signInsFrom = limits.of('sign-in-address', { times: 200, seconds: quarterHour });
  // Guesses from one address do not lock the account's owner out, who is at another one; those from many do, for a while.
  const signInsAsFrom = limits.of('sign-in-account-address', { times: 10, seconds: quarterHour });
  const signInsAs = limits.of('sign-in-account', { times: 100, seconds: quarterHour });
  // Whoever has found a browser left open shall not guess the password there.
  const passwordChanges = limits.of('password', { times: 10, seconds: quarterHour });

  return {
    async countPasswordChange(userId: string): Promise<void> {
      await passwordChanges.count(userId);
    },
    async countSignUp(request: Request, email: string): Promise<void> {
      await Promise.all([signUpsFrom.count(addressOf(request)), signUpsAs.count(accountOf(email))]);
    },
    /** Counted before the password is looked at: however many guesses come at once, no more of them are answered. */
    async countSignIn(request: Request, email: string): Promise<void> {
      const [address, account] = [addressOf(request), accountOf(email)];
      await Promise.all([
        signInsFrom.count(address),
        signInsAsFrom.count(account, address),
        signInsAs.count(account),
      ]);
    },
    /** It was the right password: whoever mistyped it before begins again. */
    async forgetSignIns(request: Request, email: string): Promise<void> {
      const [address, account] = [addressOf(request), accountOf(email)];
      await Promise.all([signInsAsFrom.forget(account, address), signInsAs.forget(account)]);
    },
  };
}
