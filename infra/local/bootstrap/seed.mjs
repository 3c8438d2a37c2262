// Lists a few demonstration tickets on the first run, through the same API as everybody else.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const demoSeller = { email: 'seller@ticketing.test', password: 'demo-seller' };

export const demoTickets = [
  { title: 'Bach in the Cathedral, front nave', price: 38 },
  { title: 'City Derby, north stand', price: 54.5 },
  { title: 'Midnight Jazz Trio, table for one', price: 19.99 },
  { title: 'Open-Air Cinema: Metropolis', price: 12 },
  { title: 'Harbour Lights Festival, Saturday', price: 89.9 },
  { title: 'The Tempest, balcony', price: 27.25 },
];

const DEADLINE_MS = 10_000;

/**
 * Does nothing where an earlier run has done it. Interrupted halfway, it adds what is missing.
 * @param {string} base the gateway's URL
 * @param {string} dataFolder
 * @returns {Promise<boolean>} whether the demonstration account is there to sign in with
 */
export async function seedDemonstration(base, dataFolder) {
  const marker = join(dataFolder, 'seeded');
  if (existsSync(marker)) return true;
  const cookie = await signIn(base);
  const listed = await call(base, 'GET', '/api/tickets?seller=me&limit=100', { cookie });
  const titles = new Set(/** @type {{ title: string }[]} */ (await listed.json()).map(({ title }) => title));
  // One after another, so that they are listed in this order; the newest comes first.
  for (const ticket of demoTickets.toReversed()) {
    if (!titles.has(ticket.title)) await call(base, 'POST', '/api/tickets', { cookie, body: ticket });
  }
  writeFileSync(marker, `${new Date().toISOString()}\n`);
  return true;
}

/** @param {string} base */
async function signIn(base) {
  const accepts = [201, 400]; // 400: the account is there already
  let answer = await call(base, 'POST', '/api/users/signup', { body: demoSeller, accepts });
  if (answer.status === 400) answer = await call(base, 'POST', '/api/users/signin', { body: demoSeller });
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

/**
 * @param {string} base
 * @param {string} method
 * @param {string} path
 * @param {{ cookie?: string, body?: unknown, accepts?: number[] }} options any 2xx is accepted
 */
async function call(base, method, path, { cookie, body, accepts = [] }) {
  const answer = await fetch(`${base}${path}`, {
    method,
    headers: { ...(cookie && { cookie }), ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
  if (answer.ok || accepts.includes(answer.status)) return answer;
  throw new Error(`${method} ${path} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
}
