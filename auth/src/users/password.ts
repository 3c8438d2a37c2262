// Passwords are kept as argon2id hashes. Hashing runs in libuv's threads, a few at a time, so that it never
// takes the processor from other requests.
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import { Unavailable } from '@ticketing/common';

// OWASP's second recommendation for argon2id (the library's default algorithm): 19 MiB, two passes, one lane.
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

const maxAtOnce = Math.max(1, availableParallelism() - 1);
// Some ten seconds of work; whoever comes on top is told to come again.
const maxWaiting = 500 * maxAtOnce;
let running = 0;
const waiting: (() => void)[] = [];

/** Leaves one processor to everybody else: what is beyond waits its turn, first come, first served. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (waiting.length >= maxWaiting) throw new Unavailable('Too many passwords to check at once.');
  if (running >= maxAtOnce) await new Promise<void>((resolve) => waiting.push(resolve));
  else running++;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
}

/** @returns a PHC string with its own random salt */
export const hashPassword = (password: string): Promise<string> => inTurn(() => hash(password, parameters));

// Verified against for an unknown e-mail, so that its answer takes as long as a wrong password's. Random bytes in the
// place of salt and hash: nobody has that password, and there is nothing to compute that could fail.
const phcBytes = (length: number): string => randomBytes(length).toString('base64').replaceAll('=', '');
const { memoryCost, timeCost, parallelism } = parameters;
const nobodysHash = `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${phcBytes(16)}$${phcBytes(32)}`;

/** Is this the password of the hash? Without a hash (nobody has that e-mail) it takes as long and is false. */
export async function isPassword(password: string, passwordHash: string | undefined): Promise<boolean> {
  const isMatch = await inTurn(() => verify(passwordHash ?? nobodysHash, password));
  return isMatch && passwordHash !== undefined;
}
