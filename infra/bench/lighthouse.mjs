// `npm run lighthouse`: what Lighthouse says of the tickets, a ticket and a held order, as a phone sees them. It is fetched by
// npx, since it is as large as everything else together. Exits 1 where a goal is missed.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastLines, runCommand } from '../local/command.mjs';
import { findChromium } from '../local/servers/chromium.mjs';
import { boot, call } from './system.mjs';

const lighthouse = 'lighthouse@13.5.0';
const goals = { score: 95, cls: 0.1, scriptBytes: 130_000 };
const categories = ['performance', 'accessibility', 'best-practices', 'seo'];
const flags =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking';
const deadlineMs = 180_000;

/** @param {string} line */
const say = (line) => process.stdout.write(`${line}\n`);
const chromium = await findChromium({ log: say });
const reports = join(import.meta.dirname, '../../artefacts/lighthouse');
await mkdir(reports, { recursive: true });
const folder = await mkdtemp(join(tmpdir(), 'ticketing-lighthouse-'));
const system = await boot({ EXPIRATION_SECONDS: '3600', SEED: 'on' });
let isGood = true;
try {
  const { pages, cookie } = await prepare();
  const headers = join(folder, 'headers.json');
  await writeFile(headers, JSON.stringify({ Cookie: cookie }));
  for (const [name, path] of pages) isGood = (await judge(name, path, headers)) && isGood;
} finally {
  await system.stop();
  await rm(folder, { recursive: true, force: true });
}
process.exitCode = isGood ? 0 : 1;

/** Somebody who holds a ticket. */
async function prepare() {
  const credentials = { email: 'lighthouse@ticketing.test', password: 'a password for the lighthouse' };
  const { cookie } = await call('POST', `${system.gateway}/api/users/signup`, { body: credentials });
  const { body: tickets } = await call('GET', `${system.gateway}/api/tickets`);
  const [held, free] = tickets;
  const { body: order } = await call('POST', `${system.gateway}/api/orders`, {
    cookie,
    body: { ticketId: held.id },
  });
  const pages = /** @type {const} */ ([
    ['tickets', '/'],
    ['ticket', `/tickets/${free.id}`],
    ['order', `/orders/${order.id}`],
  ]);
  return { cookie, pages };
}

/** @param {string} name @param {string} path @param {string} headers */
async function judge(name, path, headers) {
  const report = join(reports, name);
  const outcome = await runCommand(
    'npx',
    [
      ...['--yes', lighthouse, `${system.gateway}${path}`, '--quiet', `--chrome-flags=${flags}`],
      ...['--output=json', '--output=html', `--output-path=${report}`, `--extra-headers=${headers}`],
    ],
    { deadlineMs, env: { ...process.env, CHROME_PATH: chromium } },
  );
  if (outcome.code !== 0) throw new Error(`Lighthouse failed:\n${lastLines(outcome.output, 30)}`);
  const { categories: found, audits } = JSON.parse(await readFile(`${report}.report.json`, 'utf8'));
  const scores = categories.map((category) => Math.round(found[category].score * 100));
  const cls = audits['cumulative-layout-shift'].numericValue;
  /** @type {{ resourceType: string, transferSize: number }[]} */
  const requests = audits['network-requests'].details.items;
  const scripts = requests.filter(({ resourceType }) => resourceType === 'Script');
  const scriptBytes = scripts.reduce((sum, { transferSize }) => sum + transferSize, 0);
  const ms = ['first-contentful-paint', 'largest-contentful-paint', 'total-blocking-time'].map((audit) =>
    Math.round(audits[audit].numericValue),
  );
  const words = categories.map((category, i) => `${category} ${scores[i]}`).join(', ');
  say(`${name}: ${words}; layout shift ${cls.toFixed(3)}; ${(scriptBytes / 1000).toFixed(1)} kB of scripts;`);
  say(`  first paint ${ms[0]} ms, largest ${ms[1]} ms, blocked ${ms[2]} ms, of a slow phone on slow 4G`);
  for (const category of categories) tellFaults(found[category], audits);
  // The weight of scripts is a goal for whoever comes first; later pages are fetched ahead.
  const isLight = name !== 'tickets' || scriptBytes < goals.scriptBytes;
  const isFast = cls < goals.cls && isLight;
  return isFast && scores.every((score) => score >= goals.score);
}

/**
 * @param {{ auditRefs: { id: string, weight: number }[] }} category
 * @param {Record<string, { score: number | null, title: string }>} audits
 */
function tellFaults({ auditRefs }, audits) {
  for (const { id, weight } of auditRefs) {
    const { score = null, title = id } = audits[id] ?? {};
    if (weight > 0 && score !== null && score < 0.9) say(`  ${title} (${id})`);
  }
}
