// `npm run bench`: measures the running system and prints a table with its conditions. Never a test: it judges nothing.
// `npm run bench -- --seconds 10 --only reads,writes` for longer loads or fewer rows.
import { cpus, totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { idleCpu } from './measure.mjs';
import { expiry, propagation } from './rows/delays.mjs';
import { reads, rendered, signIns, writes } from './rows/loads.mjs';
import { boot, call } from './system.mjs';

const groups = ['memory', 'pages', 'reads', 'signins', 'writes', 'delays'];
const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '6' }, only: { type: 'string' } },
});
const seconds = Number(values.seconds);
const only = values.only?.split(',') ?? groups;
const unknown = only.filter((group) => !groups.includes(group));
if (unknown.length > 0 || !(seconds >= 1)) {
  process.stderr.write(`Usage: npm run bench -- [--seconds N] [--only ${groups.join(',')}]\n`);
  process.exit(2);
}

/** @param {string} text @param {number} width */
const left = (text, width) => text.padEnd(width);
/** @param {number} value @param {number} digits @param {number} width */
const right = (value, digits, width) => value.toFixed(digits).padStart(width);
/** @param {string} line */
const say = (line) => process.stdout.write(`${line}\n`);

const processor = cpus()[0]?.model ?? 'unknown processor';
say(
  `Node ${process.version}, ${cpus().length} x ${processor}, ${Math.round(totalmem() / 2 ** 30)} GiB; the load runs on the same machine.`,
);
say(
  '50 connections unless told; CPU is that of the whole system (services, MongoDB, NATS Streaming, Redis) for a request.',
);
say('');
const system = await boot({ EXPIRATION_SECONDS: '3600' });
try {
  say(`npm start, built and installed: ${system.startedInSeconds.toFixed(1)} s`);
  await sleep(15_000);
  if (only.includes('memory')) {
    say('');
    for (const { name, memoryBytes } of await system.parts())
      say(`${left(`idle memory of ${name}`, 44)} ${right(memoryBytes / 2 ** 20, 0, 6)} MiB`);
  }
  const parts = await system.parts();
  const credentials = { email: 'bench@ticketing.test', password: 'a password for the bench' };
  const { cookie } = await call('POST', `${system.url('auth')}/api/users/signup`, { body: credentials });
  const bench = { system, parts, idle: await idleCpu(parts), seconds, cookie, credentials };

  say('');
  say(
    `${left('', 44)} ${'requests/s'.padStart(10)} ${'p50 ms'.padStart(8)} ${'p99 ms'.padStart(8)} ${'CPU ms'.padStart(8)}   goal`,
  );
  for (const [group, rows] of /** @type {const} */ ([
    ['pages', rendered],
    ['reads', reads],
    ['signins', signIns],
    ['writes', writes],
  ])) {
    if (!only.includes(group)) continue;
    for await (const { name, measured, goal } of rows(bench)) {
      const { perSecond, ms, cpuMs, wrong, cpuByPart } = measured;
      const where = Object.entries(cpuByPart).map(([part, cpu]) => `${part} ${cpu.toFixed(2)}`);
      say(
        `${left(name, 44)} ${right(perSecond, 0, 10)} ${right(ms.p50, 1, 8)} ${right(ms.p99, 1, 8)} ${right(cpuMs, 3, 8)}   ${goal}`,
      );
      say(`${left('', 44)} ${where.join(', ')}${wrong > 0 ? `; ${wrong} WRONG ANSWERS` : ''}`);
    }
  }
  if (only.includes('delays')) {
    say('');
    say(`${left('', 52)} ${'p50 ms'.padStart(8)} ${'p99 ms'.padStart(8)} ${'max ms'.padStart(8)}   goal`);
    for (const { name, ms, goal } of [
      ...(await propagation(bench)),
      await expiry(bench, 200),
      await expiry(bench, 2000),
    ]) {
      say(`${left(name, 52)} ${right(ms.p50, 0, 8)} ${right(ms.p99, 0, 8)} ${right(ms.max, 0, 8)}   ${goal}`);
    }
  }
} finally {
  await system.stop();
}
