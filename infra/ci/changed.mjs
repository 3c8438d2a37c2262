// Tells a workflow what a pull request has to test: `node infra/ci/changed.mjs <base commit>` prints the suites as JSON.
import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';

export const services = ['auth', 'tickets', 'orders', 'payments', 'expiration'];
const others = ['common', 'client', 'stripe-emulator', 'infra', 'e2e'];
const everything = [...others, ...services].sort();

/** A folder's own suites; what is in none of these folders concerns all. @type {Record<string, string[]>} */
const suitesOf = {
  ...Object.fromEntries(services.map((name) => [`${name}/`, [name, 'e2e', 'infra']])),
  'client/': ['client', 'e2e'],
  'infra/stripe-emulator/': ['stripe-emulator', 'payments', 'e2e'],
  'infra/k8s/': ['infra'],
  'infra/ci/': ['infra'],
  'infra/bench/': [],
  'infra/': ['infra', 'e2e'],
  'docs/': ['infra'],
  '.github/': ['infra'],
};

/**
 * @param {readonly string[]} files that have changed, by their paths in the repository
 * @returns {string[]} names of suites, as `npm test -- NAME` has them
 */
export function suitesFor(files) {
  const suites = files.flatMap((file) => {
    const folders = Object.keys(suitesOf).filter((folder) => file.startsWith(folder));
    const [longest] = folders.sort((a, b) => b.length - a.length);
    if (longest !== undefined) return suitesOf[longest] ?? [];
    return /^[^/]+\.md$/.test(file) ? ['infra'] : everything;
  });
  return [...new Set(suites)].sort();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [base] = process.argv.slice(2);
  if (!base) throw new Error('Which commit has it changed since?');
  const output = execFileSync('git', ['diff', '--name-only', `${base}...HEAD`], { encoding: 'utf8' });
  process.stdout.write(`${JSON.stringify(suitesFor(output.split('\n').filter(Boolean)))}\n`);
}
