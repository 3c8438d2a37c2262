// `npm run test:api`: Schemathesis makes up requests from the document and sends them to a whole system of its own. No answer
// may be a 5xx or contradict the document. `-- --examples 200 --seed 7` for more, or for the same once more.
import { randomInt, randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { boot } from '../bench/system.mjs';
import { root } from '../local/bootstrap/home.mjs';
import { buildAll, installPackages } from '../local/bootstrap/packages.mjs';
import { PlainFailure, report } from '../local/failure.mjs';
import { wholeDocument } from './document.mjs';
import { ensureSchemathesis, schemathesis } from './schemathesis.mjs';

const DEADLINE_MS = 240_000;
/** They end the session that all the others go by: each is tried with one of its own. */
const endSessions = ['signOut', 'changePassword'];

/** @param {string} line */
const say = (line) => process.stdout.write(`${line}\n`);

try {
  await main();
} catch (error) {
  process.exitCode = report(error);
}

async function main() {
  const { values } = parseArgs({
    options: { examples: { type: 'string', default: '15' }, seed: { type: 'string' } },
  });
  const seed = Number(values.seed ?? randomInt(2 ** 31));
  const folder = await ensureSchemathesis();
  await installPackages(root, { log: say });
  await buildAll(root, { log: say });
  const system = await boot({ RATE_LIMITS: 'off', SKIP_BUILD: '1' });
  try {
    const all = operations();
    const rest = all.filter((id) => !endSessions.includes(id));
    const groups = [rest, ...endSessions.filter((id) => all.includes(id)).map((id) => [id])];
    let failed = 0;
    for (const group of groups) {
      const outcome = await schemathesis({
        ...{ folder, url: system.gateway, cookie: await newSession(system.gateway) },
        ...{ operations: group, examples: Number(values.examples), seed, deadlineMs: DEADLINE_MS },
      });
      say(outcome.output);
      if (outcome.code !== 0) failed++;
    }
    if (failed > 0) {
      throw new PlainFailure(
        `The API contradicts its document. The same once more: npm run test:api -- --seed ${seed}`,
      );
    }
  } finally {
    await system.stop();
  }
}

/** All that answer and end: a stream of events has no end. */
function operations() {
  const { paths } = wholeDocument();
  return Object.values(paths).flatMap((methods) =>
    Object.values(methods)
      .filter(({ responses }) => !JSON.stringify(responses).includes('text/event-stream'))
      .map(({ operationId }) => operationId),
  );
}

/** Somebody signs up. @param {string} url @returns {Promise<string>} their cookie */
async function newSession(url) {
  const response = await fetch(`${url}/api/users/signup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: `${randomUUID()}@people.test`, password: 'a long password' }),
    signal: AbortSignal.timeout(10_000),
  });
  const [cookie] = response.headers.getSetCookie();
  if (response.status !== 201 || cookie === undefined)
    throw new Error(`Nobody can sign up: ${response.status}`);
  return cookie.split(';')[0] ?? '';
}
