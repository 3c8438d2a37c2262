// Everything that `npm test` runs, found rather than listed: a new workspace or a new test file is run without a line here.
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { PlainFailure } from '../local/failure.mjs';

/**
 * @typedef {object} Suite
 * @property {string} name what a person types after `npm test --`
 * @property {'check' | 'jest' | 'node'} kind how its outcome is told: by its exit code, or counted
 * @property {(report: string) => string[]} args for node, given the file that its report goes to
 * @property {string} cwd
 * @property {number} deadlineMs
 * @property {boolean} [isAlone] runs beside nothing else
 */

const MINUTE_MS = 60_000;

/**
 * In the order in which they begin.
 * @param {string} root
 * @returns {Suite[]}
 */
export function findSuites(root) {
  const base = { cwd: root, deadlineMs: 6 * MINUTE_MS };
  const types = [join(root, 'node_modules/typescript7/bin/tsc'), '-b', 'tsconfig.all.json'];
  // It keeps a program of each tsconfig in memory: more than Node's own limit of 4 GiB in all.
  const lint = ['--max-old-space-size=8192', join(root, 'node_modules/eslint/bin/eslint.js'), '.'];
  const format = [join(root, 'node_modules/prettier/bin/prettier.cjs'), '--check', '.'];
  const workspaces = jestWorkspaces(root).map((folder) => ({
    ...{ ...base, name: basename(folder), kind: jestKind },
    ...{ args: jest(root), cwd: join(root, folder) },
  }));
  const e2e = jest(root, '-c', join(root, 'infra/e2e/jest.config.cjs'));
  return [
    { ...base, name: 'types', kind: 'check', args: () => types },
    { ...base, name: 'lint', kind: 'check', args: () => lint, deadlineMs: 8 * MINUTE_MS },
    { ...base, name: 'infra', kind: 'node', args: nodeTest(infraTests(root)) },
    ...workspaces,
    { ...base, name: 'format', kind: 'check', args: () => format },
    { ...base, name: 'e2e', kind: jestKind, args: e2e, deadlineMs: 12 * MINUTE_MS, isAlone: true },
  ];
}

const jestKind = /** @type {const} */ ('jest');

/** @param {string} root @param {string[]} args @returns {Suite['args']} */
const jest =
  (root, ...args) =>
  (report) => [join(root, 'node_modules/jest/bin/jest.js'), ...args, '--json', `--outputFile=${report}`];

/** A readable report to the output, and one to count by. @param {string[]} files @returns {Suite['args']} */
const nodeTest = (files) => (report) => [
  ...['--test', '--test-reporter=spec', '--test-reporter-destination=stdout'],
  ...['--test-reporter=tap', `--test-reporter-destination=${report}`, ...files],
];

/**
 * @param {Suite[]} suites
 * @param {string[]} names none for all
 */
export function chooseSuites(suites, names) {
  const known = suites.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new PlainFailure(`There is no suite "${unknown[0]}"; there are ${known.join(', ')}.`, {
      exitCode: 2,
    });
  }
  return names.length === 0 ? suites : suites.filter(({ name }) => names.includes(name));
}

/** @param {string} root */
function jestWorkspaces(root) {
  /** @type {{ workspaces: string[] }} */
  const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const folder of workspaces) {
    const { scripts } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    // A workspace that is tested in another way, or not at all, would be left out without a word.
    if (scripts?.test !== 'jest') throw new PlainFailure(`${folder}/package.json has no "test": "jest".`);
  }
  return workspaces;
}

/** Those of node's own runner. @param {string} root */
const infraTests = (root) =>
  readdirSync(join(root, 'infra'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.mjs') && !file.includes('node_modules'))
    .map((file) => join('infra', file))
    .sort();
